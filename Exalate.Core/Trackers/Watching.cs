namespace Exalate.Core.Trackers;

/// <summary>What to watch.</summary>
public sealed record WatchRequest
{
    /// <summary>Public address the tracker shall call. Example: "https://node.example.com/hooks/5b0c…". The last segment names the registration; it is no secret.</summary>
    public required Uri CallbackUrl { get; init; }

    /// <summary>Secret for the signature, where the caller may choose it (Jira); at least 32 random characters.</summary>
    public required string Secret { get; init; }

    public required IReadOnlyCollection<string> ProjectIds { get; init; }

    /// <summary>What the last call answered, null the first time.</summary>
    public WatchState? Previous { get; init; }
}

/// <summary>What is registered. Stored as JSON by the caller.</summary>
public sealed record WatchState
{
    /// <summary>The vendor's id of each registration, by what it watches ("*" for the whole instance, else a project id).</summary>
    public IReadOnlyDictionary<string, string> Registrations { get; init; } = new Dictionary<string, string>();

    /// <summary>Why a webhook can't be had, for the admin; null when all are registered.</summary>
    public string? RefusedBecause { get; init; }

    /// <summary>When to call <see cref="ITracker.WatchAsync"/> again at the latest, where registrations expire.</summary>
    public DateTimeOffset? RenewBefore { get; init; }
}

/// <summary>A webhook call as it arrived.</summary>
public sealed record WebhookCall
{
    /// <summary>Header names without case; one value each.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The raw body: the signature is over these bytes.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The secrets that are valid for this registration: the one of <see cref="WatchRequest.Secret"/>, and those the vendor chose in handshakes.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }

    /// <summary>True only while a registration of ours is under way: a handshake at any other time is refused.</summary>
    public bool HandshakeExpected { get; init; }
}

/// <summary>What a webhook call means. Exactly one of the three is set.</summary>
public sealed record WebhookReading
{
    /// <summary>A signed report; empty for a heartbeat or an event that does not matter.</summary>
    public IReadOnlyList<ChangedEntity>? Changes { get; init; }

    /// <summary>
    /// Ids of comments and files that the vendor named without their entity (an edited Asana comment); empty mostly.
    /// <see cref="ITracker.PlaceAsync"/> tells their entities. Only beside <see cref="Changes"/>.
    /// </summary>
    public IReadOnlyList<string> Unplaced { get; init; } = [];

    /// <summary>A handshake: store <see cref="WebhookHandshake.Secret"/>, then answer 200 with the header.</summary>
    public WebhookHandshake? Handshake { get; init; }

    /// <summary>Why it is refused; answer 401 and store nothing. Example: "The signature does not fit."</summary>
    public string? RefusedBecause { get; init; }

    /// <summary>The vendor's id of this delivery, the same when it is repeated; null where there is none.</summary>
    public string? DeliveryId { get; init; }
}

/// <param name="HeaderName">Example: "X-Hook-Secret".</param>
public sealed record WebhookHandshake(string HeaderName, string Secret);

/// <summary>An entity that changed, as named by the tracker.</summary>
/// <param name="EntityId">The tracker's own id.</param>
/// <param name="IsDeleted">True when the report says that the entity itself is gone.</param>
/// <param name="By">Who made the change, and when; null where the report does not say so, or tells of several people.</param>
public sealed record ChangedEntity(string EntityId, bool IsDeleted = false, ChangeStamp? By = null);

/// <summary>Only of changes that move the entity's own time of change: a look at the entity that shows a time not before this one has seen the change.</summary>
/// <param name="AccountId">The tracker's id of the account.</param>
/// <param name="At">As fine as the vendor tells (Jira and Asana: milliseconds).</param>
public sealed record ChangeStamp(string AccountId, DateTimeOffset At);

public sealed record PollRequest
{
    public required IReadOnlyCollection<string> ProjectIds { get; init; }

    /// <summary>Opaque, from the page before; null the first time.</summary>
    public string? Cursor { get; init; }

    /// <summary>Where to start without a cursor.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <param name="Changes">Oldest first; the same change may be told twice.</param>
/// <param name="Cursor">Where to go on.</param>
/// <param name="HasMore">True when another page waits already.</param>
public sealed record PollPage(IReadOnlyList<ChangedEntity> Changes, string Cursor, bool HasMore);
