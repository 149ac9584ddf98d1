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
