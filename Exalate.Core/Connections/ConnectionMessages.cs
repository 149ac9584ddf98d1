using Exalate.Core.Trackers;
using MediatR;

namespace Exalate.Core.Connections;

/// <summary>The rows of the Connections tab, newest first.</summary>
public sealed record ListConnections : IRequest<IReadOnlyList<ConnectionView>>;

/// <summary>Null when there is no such connection.</summary>
public sealed record GetConnection(Guid ConnectionId) : IRequest<ConnectionView?>;

public sealed record ConnectionView
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required ConnectionType Type { get; init; }

    public required ConnectionMode Mode { get; init; }

    public required ConnectionStatus Status { get; init; }

    public required bool IsInviter { get; init; }

    public required TrackerKind LocalTracker { get; init; }

    public required string LocalShortName { get; init; }

    /// <summary>Null while the destination is not known.</summary>
    public TrackerKind? RemoteTracker { get; init; }

    public required string RemoteShortName { get; init; }

    public string? RemoteUrl { get; init; }

    public string? RemoteTrackerUrl { get; init; }

    public TrackerProject? Project { get; init; }

    /// <summary>The second project of a local connection; null for every other.</summary>
    public TrackerProject? OtherProject { get; init; }

    public required int EntitiesInSync { get; init; }

    public DateTimeOffset? LastSyncAt { get; init; }

    /// <summary>Pairs that wait for an admin.</summary>
    public required int Problems { get; init; }

    /// <summary>What keeps the whole connection from working, or the newest failure of a pair; null when all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>True while a guard holds the connection, or it is being rebuilt: nothing is sent or taken, and the Errors page has the decision.</summary>
    public bool IsHeld { get; init; }

    /// <summary>True while its own calls fail: the Errors page lists that, beside what its pairs wait for.</summary>
    public bool IsFailing { get; init; }

    /// <summary>Whether the Errors page has something to say about it.</summary>
    public bool HasErrors => Problems > 0 || IsHeld || IsFailing;

    /// <summary>State of the newest invitation, while Pending; null otherwise.</summary>
    public InvitationState? Invitation { get; init; }

    public DateTimeOffset? InvitationExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when it is deactivated on this side.</summary>
    public DateTimeOffset? DeactivatedAt { get; init; }

    /// <summary>E-mail of the admin who deactivated it.</summary>
    public string? DeactivatedBy { get; init; }

    /// <summary>Since when the partner has it deactivated.</summary>
    public DateTimeOffset? PartnerDeactivatedAt { get; init; }

    /// <summary>When the partner deleted its side; the connection can only be deleted then.</summary>
    public DateTimeOffset? PartnerDeletedAt { get; init; }
}

public enum InvitationState
{
    Open,
    Used,
    Revoked,
    Expired,
}

/// <summary>Looks at a destination URL: which node or tracker answers there, and what a connection to it can be. Changes nothing.</summary>
/// <remarks>Each failure has its own sentence: unreachable, no node there, too old, address not allowed, TLS, clock skew, another tracker's address that no known node stands beside.</remarks>
public sealed record ProbeDestination(string Url) : IRequest<Result<DestinationView>>;

public sealed record DestinationView
{
    /// <summary>The node's own address, no slash at the end: what to pass on to <see cref="InitiateConnection"/>.</summary>
    public required string NodeUrl { get; init; }

    public required string NodeName { get; init; }

    public required string ShortName { get; init; }

    public required TrackerKind Tracker { get; init; }

    public required string TrackerUrl { get; init; }

    public required string Version { get; init; }

    /// <summary>True when the URL is this very node or its tracker: a local connection.</summary>
    public required bool IsOwnNode { get; init; }

    /// <summary>All three, in the order of the cards.</summary>
    public required IReadOnlyList<ModeChoice> Modes { get; init; }
}

/// <param name="DisabledBecause">Null when it can be chosen; else the reason that the card shows.</param>
public sealed record ModeChoice(ConnectionMode Mode, string? DisabledBecause);

/// <summary>The modes without a URL, where the remote's version is unknown.</summary>
public sealed record ListModesWithoutUrl : IRequest<IReadOnlyList<ModeChoice>>;

/// <summary>Whether a connection can be made from here at all; the sentences say what is missing, with where to set it. Empty: ready.</summary>
public sealed record GetConnectReadiness : IRequest<IReadOnlyList<string>>;

/// <summary>
/// Makes a connection, Pending, with an open invitation. Repeating it with the same <see cref="RequestId"/> answers the connection made the first time.
/// </summary>
public sealed record InitiateConnection : IRequest<Result<ConnectionInitiated>>
{
    /// <summary>Chosen by the dialog when it opens: double click, reload and retry make one connection.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The node's address from the probe; null: <em>I don't have a URL</em>, the destination can't be called.</summary>
    public required string? DestinationUrl { get; init; }

    public required ConnectionMode Mode { get; init; }

    /// <summary>Project for incoming entities; null where the tracker never asks.</summary>
    public TrackerProject? Project { get; init; }

    /// <summary>True: the invitation is handed to the destination and the browser goes there.</summary>
    public required bool HasAdminAccess { get; init; }

    /// <summary>The second project of a local connection; null for every other.</summary>
    public TrackerProject? OtherProject { get; init; }

    public string? By { get; init; }
}

public sealed record ConnectionInitiated
{
    public required Guid ConnectionId { get; init; }

    public required string Name { get; init; }

    /// <summary>With admin access: where the browser goes. Example: "https://node.b.example/connections/accept?offer=Zk3…". Else null.</summary>
    public string? RedirectUrl { get; init; }
}

/// <summary>The invitation of a Pending connection, for the admin who may copy it.</summary>
public sealed record GetInvitation(Guid ConnectionId) : IRequest<Result<InvitationView>>;

/// <param name="Code">The text to paste; null when it can't be used any more (see the state).</param>
public sealed record InvitationView(string? Code, DateTimeOffset ExpiresAt, InvitationState State, string ConnectionName);

public sealed record RevokeInvitation(Guid ConnectionId, string? By) : IRequest<Result>;

/// <summary>Replaces an expired, revoked or still open invitation by a new one; an old code stops working.</summary>
public sealed record ReissueInvitation(Guid ConnectionId, string? By) : IRequest<Result<InvitationView>>;

/// <summary>Reads a pasted code and asks its node whether it still stands. Fails with the exact reason: mangled, for another node, own, expired, used, revoked, inviter unreachable.</summary>
public sealed record ReadInvitation(string Code) : IRequest<Result<InvitationOffer>>
{
    public override string ToString() => nameof(ReadInvitation);
}

/// <summary>Reads an invitation that the inviting node handed over (the <em>Yes, I have admin access</em> way). The handle lives 10 minutes.</summary>
public sealed record ReadOffer(string Handle) : IRequest<Result<InvitationOffer>>;

/// <summary>What is offered, for the screen with <em>Confirm</em>.</summary>
public sealed record InvitationOffer
{
    /// <summary>Opaque handle of the offer on this node, to pass to <see cref="AcceptInvitation"/>; never the code.</summary>
    public required string Handle { get; init; }

    public required string FromNode { get; init; }

    public required string FromShortName { get; init; }

    /// <summary>Null when the inviter has none.</summary>
    public string? FromUrl { get; init; }

    public required TrackerKind FromTracker { get; init; }

    public required string FromTrackerUrl { get; init; }

    public required ConnectionMode Mode { get; init; }

    /// <summary>Public or private.</summary>
    public ConnectionType Type { get; init; }

    public required string ConnectionName { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether the local tracker asks for a project.</summary>
    public required bool AsksForProject { get; init; }

    /// <summary>Where <c>&lt; Previous</c> leads on the redirect way: an address of the inviter's known URL; null when the code was pasted.</summary>
    public string? BackUrl { get; init; }

    /// <summary>The node's default project, when the local tracker never asks: where incoming entities go.</summary>
    public TrackerProject? DefaultProject { get; init; }
}

/// <summary><em>Confirm</em>. Repeating it after a lost answer completes the same connection.</summary>
public sealed record AcceptInvitation(string Handle, TrackerProject? Project, string? By) : IRequest<Result<ConnectionAccepted>>;

/// <param name="Project">Project whose entities can be synced first; null where none applies.</param>
public sealed record ConnectionAccepted(Guid ConnectionId, string Name, TrackerProject? Project);
