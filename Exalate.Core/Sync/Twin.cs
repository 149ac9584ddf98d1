namespace Exalate.Core.Sync;

/// <summary>The pair local entity - remote entity on one connection, and what each side last knew of the other.</summary>
public sealed class Twin
{
    public required Guid Id { get; init; }

    public required Guid ConnectionId { get; init; }

    /// <summary>The id both sides share, given by the side that started the pair.</summary>
    public required Guid PairId { get; set; }

    /// <summary>The tracker's id; null on the receiving side until the entity is created.</summary>
    public string? LocalEntityId { get; set; }

    public string? LocalKey { get; set; }

    public string? LocalLink { get; set; }

    public string? LocalProjectId { get; set; }

    /// <summary>The partner's id of its entity; null on the sending side until the first result.</summary>
    public string? RemoteEntityId { get; set; }

    public string? RemoteKey { get; set; }

    public string? RemoteLink { get; set; }

    /// <summary>What the partner gave along with its entity, to be shown to it should it have lost its memory.</summary>
    public string? PartnerVoucher { get; set; }

    public required TwinState State { get; set; }

    /// <summary>True where the entity was brought under sync here, false where it was created by the partner's request.</summary>
    public required bool StartedHere { get; set; }

    /// <summary>The local entity as the partner knows it: last acknowledged, or last read back after an incoming change. JSON of a replica.</summary>
    public string? LocalBase { get; set; }

    /// <summary>The remote entity as this side knows it: last applied, or as the partner read it back. JSON of a replica.</summary>
    public string? RemoteBase { get; set; }

    /// <summary>For each field the number of the last outgoing replica that changed it. JSON object, e.g. {"summary":4}.</summary>
    public string? FieldVersions { get; set; }

    /// <summary>Fields whose values on the two sides have nothing to do with each other since a conflict, comma-separated; null for none.</summary>
    public string? DivergedFields { get; set; }

    /// <summary>Number of the last outgoing replica of this twin.</summary>
    public long SentVersion { get; set; }

    /// <summary>Number of the last outgoing replica whose result arrived.</summary>
    public long AcknowledgedVersion { get; set; }

    /// <summary>Number of the last incoming replica that was applied.</summary>
    public long ReceivedVersion { get; set; }

    /// <summary>The partner's ids of comments and files that an admin chose not to copy, a line each; null for none.</summary>
    public string? PassedOver { get; set; }

    /// <summary>Something worth knowing that is no failure. Example: "Created as 'Task': the project has no type 'Epic'."</summary>
    public string? Note { get; set; }

    /// <summary>
    /// Writes into fields after which the tracker could not be asked for edits in the same moment, because it keeps no history: each may have cost one. Counted, because it can't be seen.
    /// </summary>
    public long UnseenWrites { get; set; }

    /// <summary>
    /// The local entity's own time of change at the last look that followed a write of ours: what this node's account changed until then was seen, and its report says nothing new.
    /// </summary>
    public DateTimeOffset? SeenUntil { get; set; }

    /// <summary>When our entity was first found to be gone; null while it is there.</summary>
    public DateTimeOffset? LocalGoneAt { get; set; }

    /// <summary>When the partner told that its entity is gone.</summary>
    public DateTimeOffset? RemoteGoneAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastSyncAt { get; set; }

    /// <summary>Worker that works on the pair; one at a time.</summary>
    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>When there may be something to do; null when there surely is nothing.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>True while nothing can be done for the pair but to call a partner that is away: not due before the connection's pause is over.</summary>
    public bool AwaitsPartner { get; set; }

    /// <summary>When a worker last took the pair. The newest of a connection says when the connection had its last turn.</summary>
    public DateTimeOffset? ClaimedAt { get; set; }

    /// <summary>Rises with every row that is added for the pair: tells a worker that something came while it worked.</summary>
    public long Signal { get; set; }

    /// <summary>
    /// True when a report tells only what our own account changed (<see cref="SyncEvent.OwnUntil"/>) and a look that followed our write has seen all of that. Whoever else edited in between
    /// is in what that look showed; whoever edits later has a report of their own.
    /// </summary>
    internal static bool IsEcho(TwinState state, DateTimeOffset? localGoneAt, DateTimeOffset? seenUntil, DateTimeOffset? ownUntil) =>
        state == TwinState.Synchronized && localGoneAt is null && ownUntil <= seenUntil;
}

public enum TwinState
{
    /// <summary>The first synchronization is under way.</summary>
    FirstSync,
    Synchronized,

    /// <summary>The local entity was deleted; the partner's stays.</summary>
    LocalRemoved,

    /// <summary>The partner's entity was deleted; ours stays.</summary>
    RemoteRemoved,

    /// <summary>Taken out of sync by an admin of either side; both entities stay, and so does what each side knew of the other, should the pair be taken up again.</summary>
    Ended,
}

/// <summary>The five phases that people see, in order.</summary>
public enum SyncPhase
{
    Preparing,
    Sending,
    WaitingForRemote,
    Finalizing,
    Synchronized,
}
