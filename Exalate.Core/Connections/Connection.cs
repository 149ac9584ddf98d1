using Exalate.Core.Trackers;

namespace Exalate.Core.Connections;

public enum ConnectionType
{
    /// <summary>Each side can call the other.</summary>
    Public,

    /// <summary>One side can't be reached; it alone makes the requests.</summary>
    Private,

    /// <summary>Two projects of one instance.</summary>
    Local,
}

public enum ConnectionMode
{
    Basic,
    Visual,
    Script,
}

public enum ConnectionStatus
{
    /// <summary>Waiting for the partner to accept.</summary>
    Pending,
    Active,

    /// <summary>Changes are kept, not processed.</summary>
    Deactivated,
}

/// <summary>Which side makes the HTTP requests of a connection.</summary>
public enum Reach
{
    /// <summary>Each side calls the other.</summary>
    Both,

    /// <summary>This side makes them all: it posts what it has and fetches what waits over there.</summary>
    OnlyWeCall,

    /// <summary>The partner makes them all: what it should know waits here until it asks.</summary>
    OnlyTheyCall,
}

/// <summary>What made a connection stop and ask.</summary>
public enum HoldKind
{
    OutgoingRemovals,
    IncomingRemovals,
    OutgoingChanges,
    IncomingChanges,

    /// <summary>This node's database is an old copy, or runs twice.</summary>
    OldCopy,

    /// <summary>An admin said that this copy is the right one: what it does not know is fetched from the partner before anything else happens.</summary>
    Rebuilding,
}

/// <summary>The agreement between this node and a partner's node, as this side keeps it.</summary>
public sealed class Connection
{
    /// <summary>This side's own id; never leaves the node.</summary>
    public required Guid Id { get; init; }

    /// <summary>The id both sides share: the key id of signed requests.</summary>
    public required Guid LinkId { get; init; }

    /// <summary>What the dialog that made it called its request: double click, reload and retry make one connection. Null on the accepting side.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>Unique on the node. Example: "jira_to_asana".</summary>
    public required string Name { get; set; }

    /// <summary>True while the name is the one Basic made: it then follows the partner's short name.</summary>
    public bool NameIsGenerated { get; set; }

    public string? Description { get; set; }

    public required ConnectionType Type { get; init; }

    /// <summary>Follows from <see cref="Type"/> and from which side has an address.</summary>
    public Reach Reach { get; init; }

    public required ConnectionMode Mode { get; set; }

    public required ConnectionStatus Status { get; set; }

    /// <summary>True on the side that made the invitation; that side wins a conflict (both know it, unlike clocks).</summary>
    public required bool IsInviter { get; init; }

    public required string LocalShortName { get; set; }

    /// <summary>"unknown" until the partner accepted.</summary>
    public required string RemoteShortName { get; set; }

    /// <summary>Project for incoming entities; null: the default project of General Settings.</summary>
    public string? ProjectId { get; set; }

    public string? ProjectKey { get; set; }

    public string? ProjectName { get; set; }

    /// <summary>The connection's secret, encrypted; null until it is agreed.</summary>
    public string? ProtectedSecret { get; set; }

    /// <summary>The partner node's address, no slash at the end; null when it has none or is not known yet.</summary>
    public string? RemoteUrl { get; set; }

    /// <summary>The partner node's UID: the recipient in signed requests.</summary>
    public string? RemoteNodeUid { get; set; }

    public string? RemoteNodeName { get; set; }

    public TrackerKind? RemoteTracker { get; set; }

    /// <summary>Address of the partner's tracker for people.</summary>
    public string? RemoteTrackerUrl { get; set; }

    public string? RemoteVersion { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>E-mail of the admin who made it on this side.</summary>
    public string? CreatedBy { get; init; }

    public DateTimeOffset? ActivatedAt { get; set; }

    /// <summary>What keeps the whole connection from working right now, for the admin; null when nothing does.</summary>
    public string? Problem { get; set; }

    public DateTimeOffset? ProblemSince { get; set; }

    /// <summary>Since when a guard holds the connection: nothing of it is sent or taken until an admin decides. Null: it is not held.</summary>
    public DateTimeOffset? HeldSince { get; set; }

    public HoldKind? HeldKind { get; set; }

    /// <summary>What the guard saw. Example: "143 of 200 entities were deleted here within 2 minutes. Nothing was sent."</summary>
    public string? HeldSentence { get; set; }

    /// <summary>How far the rebuilding has come, JSON; null while there is none.</summary>
    public string? RebuildJson { get; set; }

    /// <summary>The word by which the partner knows this copy of the node from another one; changes with every check. Null before the first.</summary>
    public string? Pulse { get; set; }

    /// <summary>The word that follows, while it is not known whether the partner has it already.</summary>
    public string? NextPulse { get; set; }

    public DateTimeOffset? PulseAt { get; set; }

    /// <summary>The partner's word, as it last told.</summary>
    public string? PartnerPulse { get; set; }

    /// <summary>The partner's epoch, as it last told.</summary>
    public int PartnerEpoch { get; set; }

    /// <summary>What happened before then an admin has let pass: the guards count from here.</summary>
    public DateTimeOffset? GuardFrom { get; set; }

    /// <summary>The engine leaves the connection's outgoing calls alone until then.</summary>
    public DateTimeOffset? PausedUntil { get; set; }

    /// <summary>How often the partner could not be reached in a row: decides the next pause.</summary>
    public int FailedCalls { get; set; }

    /// <summary>When the partner last asked for what waits for it, within some seconds; null where it need not, or never did.</summary>
    public DateTimeOffset? MailAskedAt { get; set; }

    /// <summary>Since when it is deactivated on this side; null while it is not.</summary>
    public DateTimeOffset? DeactivatedAt { get; set; }

    /// <summary>E-mail of the admin who deactivated it.</summary>
    public string? DeactivatedBy { get; set; }

    /// <summary>Since when the partner has it deactivated, as it told us; null while it has not.</summary>
    public DateTimeOffset? PartnerDeactivatedAt { get; set; }

    /// <summary>When the partner deleted its side; nothing goes to and fro any more.</summary>
    public DateTimeOffset? PartnerDeletedAt { get; set; }

    /// <summary>Number of the last notice that was queued for the partner.</summary>
    public long NoticeNumber { get; set; }

    /// <summary>Number of the partner's last notice that was taken: an older one changes nothing.</summary>
    public long PartnerNoticeNumber { get; set; }

    /// <summary>The secret that follows, encrypted, while a rotation is under way; null otherwise.</summary>
    public string? ProtectedNextSecret { get; set; }

    /// <summary>True where this side offered the next secret, false where the partner did.</summary>
    public bool NextSecretIsOurs { get; set; }

    /// <summary>The secret before the last rotation, encrypted: still accepted until <see cref="PreviousSecretUntil"/>.</summary>
    public string? ProtectedPreviousSecret { get; set; }

    /// <summary>Null while it is not sure that the partner uses the new secret.</summary>
    public DateTimeOffset? PreviousSecretUntil { get; set; }

    /// <summary>When the secret was last rotated; null: it is the one of the invitation.</summary>
    public DateTimeOffset? SecretRotatedAt { get; set; }

    /// <summary>What is wrong with the partner's node as it introduces itself (too old, another node there, silent); null when nothing is.</summary>
    public string? PartnerProblem { get; set; }

    public DateTimeOffset? PartnerCheckedAt { get; set; }

    /// <summary>The next call is made at once, as if none had failed.</summary>
    internal void EndPause() => (Problem, ProblemSince, PausedUntil, FailedCalls) = (null, null, null, 0);

    /// <summary>Nothing is wrong with the partner's node any more, as far as is known.</summary>
    internal void PartnerIsWell()
    {
        EndPause();
        PartnerProblem = null;
    }

    /// <summary>The partner deleted its side: this one stops, keeps its pairs, and waits for its admin to delete it.</summary>
    internal void EndedByPartner(DateTimeOffset at)
    {
        PartnerDeletedAt ??= at;
        DeactivatedAt ??= at;
        Status = ConnectionStatus.Deactivated;
        PartnerDeactivatedAt = null;
        PartnerIsWell();
        (ProtectedNextSecret, NextSecretIsOurs) = (null, false);
    }
}
