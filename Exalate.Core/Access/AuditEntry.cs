namespace Exalate.Core.Access;

/// <summary>What someone did, for whoever has to find out later. Written once, never changed, never holds a secret.</summary>
public sealed class AuditEntry
{
    public const int MaxTextLength = 400;

    /// <summary>Given by the database, rising.</summary>
    public long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>E-mail of the admin, or what was typed as one. Null: the node itself.</summary>
    public string? Actor { get; init; }

    public required AuditAction Action { get; init; }

    /// <summary>What it was done to, in words. Example: "connection acme_to_globex".</summary>
    public string? Subject { get; init; }

    /// <summary>Where the request came from. Example: "203.0.113.7". Null: no request.</summary>
    public string? RemoteAddress { get; init; }
}

/// <summary>Stored by name.</summary>
public enum AuditAction
{
    AdminCreated,
    SignedIn,
    SignInFailed,
    LockedOut,
    SignedOut,
    SettingsSaved,
    ConnectionInitiated,
    InvitationReissued,
    InvitationRevoked,

    /// <summary>By a partner, with the code.</summary>
    InvitationUsed,
    ConnectionAccepted,
    ErrorsRetried,

    /// <summary>Changes that were given up, or not taken.</summary>
    ErrorsIgnored,
    EntityUnexalated,
    ConflictReversed,

    /// <summary>A connection that a guard held goes on.</summary>
    GuardReleased,

    /// <summary>What made a guard hold a connection was given up.</summary>
    GuardDiscarded,

    /// <summary>A restored node has taken from its partner what it did not know.</summary>
    ConnectionRebuilt,
    ConnectionDeactivated,
    ConnectionActivated,
    ConnectionDeleted,
    ConnectionChanged,
    SecretRotated,

    /// <summary>What a partner told about its side of a connection.</summary>
    PartnerNotice,
}
