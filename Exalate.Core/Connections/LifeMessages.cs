using MediatR;

namespace Exalate.Core.Connections;

/// <summary>Stops processing on this side. Changes here and at the partner are kept; the partner is told. A connection that is deactivated already is success.</summary>
public sealed record DeactivateConnection(Guid ConnectionId, string? By) : IRequest<Result>;

/// <summary>Goes on where it stopped: what was kept is processed in order; the partner is told. Fails with <see cref="Conflict"/> when the partner deleted its side.</summary>
public sealed record ActivateConnection(Guid ConnectionId, string? By) : IRequest<Result>;

/// <summary>What deleting the connection would end. Null when there is no such connection.</summary>
public sealed record GetDeletionPreview(Guid ConnectionId) : IRequest<DeletionPreview?>;

/// <param name="Pairs">Pairs under sync, at any stage.</param>
/// <param name="WaitingOut">Changes of this side that have not reached the partner yet.</param>
/// <param name="WaitingIn">Changes of the partner that are not written here yet.</param>
/// <param name="TellsPartner">True when there is a partner that can be told.</param>
public sealed record DeletionPreview(string Name, string Partner, int Pairs, int WaitingOut, int WaitingIn, bool TellsPartner);

/// <summary>
/// Ends the connection on this side for good, whether the partner answers or not: its secret, queue, invitations and pairs go; entities in the trackers and the audit stay. The partner is told.
/// </summary>
/// <param name="TypedName">What the admin typed to confirm; must be the connection's name.</param>
/// <param name="KeepPairs">True: which entities belonged together stays as a list that can be downloaded.</param>
public sealed record DeleteConnection(Guid ConnectionId, string TypedName, bool KeepPairs, string? By) : IRequest<Result>;

public sealed record CountFormerPairs : IRequest<int>;

/// <summary>Pairs that were kept when their connections were deleted, oldest first.</summary>
public sealed record ListFormerPairs : IRequest<IReadOnlyList<FormerPairView>>;

/// <param name="Local">This side's entity key. Example: "TEST-1".</param>
/// <param name="Remote">The partner's entity key.</param>
public sealed record FormerPairView(string Connection, string Partner, string? Local, string? LocalLink, string? Remote, string? RemoteLink, DateTimeOffset KeptAt);

/// <summary>What the edit screen shows. Null when there is no such connection.</summary>
public sealed record GetConnectionDetails(Guid ConnectionId) : IRequest<ConnectionDetails?>;

public sealed record ConnectionDetails
{
    public required ConnectionView Connection { get; init; }

    /// <summary>False where the tracker never asks for a project: the defaults of General Settings hold.</summary>
    public required bool AsksForProject { get; init; }

    public required NodeEnd Local { get; init; }

    public required NodeEnd Remote { get; init; }

    public string? CreatedBy { get; init; }

    public DateTimeOffset? ActivatedAt { get; init; }

    /// <summary>Where the partner accepted from. Example: "203.0.113.7"; null where it was accepted here.</summary>
    public string? AcceptedFrom { get; init; }

    public required SecretStanding Secret { get; init; }

    public DateTimeOffset? SecretRotatedAt { get; init; }

    /// <summary>Null when the partner's address can be corrected; else why not.</summary>
    public string? AddressFixedBecause { get; init; }

    /// <summary>Null when the secret can be rotated; else why not.</summary>
    public string? SecretFixedBecause { get; init; }

    /// <summary>What the partner has to be told and has not acknowledged yet, a sentence each.</summary>
    public required IReadOnlyList<string> NotToldYet { get; init; }
}

/// <param name="Url">The node's Exalate URL; null: it can't be called.</param>
public sealed record NodeEnd(string? Name, string ShortName, string? Url, string? Uid, string? Version, string? TrackerUrl);

public enum SecretStanding
{
    /// <summary>None is agreed yet.</summary>
    None,
    Agreed,

    /// <summary>A new one was offered to the partner.</summary>
    Offered,

    /// <summary>The new one is in use here; the partner was not seen to use it yet.</summary>
    Confirming,

    /// <summary>The partner offered one; it is used with its first use over there.</summary>
    OfferedByPartner,
}

/// <summary>Fails with <see cref="Invalid"/> when the name is empty or too long, with <see cref="Conflict"/> when another connection has it.</summary>
public sealed record RenameConnection(Guid ConnectionId, string Name, string? By) : IRequest<Result>;

/// <summary>Project in which incoming entities are created from now on; what is under sync stays where it is.</summary>
public sealed record ChangeIncomingProject(Guid ConnectionId, Trackers.TrackerProject Project, string? By) : IRequest<Result>;

/// <summary>Calls the partner at another address from now on, after the same node was found to answer there.</summary>
public sealed record CorrectPartnerUrl(Guid ConnectionId, string Url, string? By) : IRequest<Result>;

/// <summary>Begins to replace the connection's secret by a new one, in step with the partner; synchronization goes on meanwhile.</summary>
public sealed record RotateSecret(Guid ConnectionId, string? By) : IRequest<Result>;

/// <summary>Null when there is no such connection.</summary>
public sealed record GetConnectionStatistics(Guid ConnectionId) : IRequest<ConnectionStatistics?>;

public sealed record ConnectionStatistics
{
    public required int EntitiesInSync { get; init; }

    /// <summary>Pairs whose first synchronization is under way.</summary>
    public required int FirstSyncs { get; init; }

    /// <summary>Pairs that wait for an admin.</summary>
    public required int Errors { get; init; }

    public DateTimeOffset? LastSyncAt { get; init; }

    /// <summary>The last 14 days by UTC, oldest first, also those without a message.</summary>
    public required IReadOnlyList<MessagesOfDay> Days { get; init; }
}

/// <param name="Out">Changes of this side that were made ready for the partner on that day.</param>
/// <param name="In">Changes of the partner that arrived on that day.</param>
public sealed record MessagesOfDay(DateOnly Day, int Out, int In);
