using MediatR;

namespace Exalate.Core.Sync.Errors;

/// <summary>What an error keeps from going on.</summary>
public enum ErrorScope
{
    /// <summary>One pair; the others go on.</summary>
    Entity,

    /// <summary>All that goes to one partner.</summary>
    Connection,

    /// <summary>News from this node's tracker.</summary>
    Tracker,

    /// <summary>Everything.</summary>
    Node,
}

/// <summary>One open error. It disappears by itself when what failed succeeds.</summary>
public sealed record SyncErrorView
{
    /// <summary>Names the error in an address. Examples: "e17", "r4", "c5b0c2f0e7a3d4a0c9c0a6f6f0d2b7e11", "tracker".</summary>
    public required string Id { get; init; }

    public required ErrorScope Scope { get; init; }

    /// <summary>What was being done. Example: "Writing a change of TEST-1 into 1204567890123456".</summary>
    public required string What { get; init; }

    /// <summary>What happened and what the other system answered.</summary>
    public required string Sentence { get; init; }

    /// <summary>What an admin can do about it, in a sentence.</summary>
    public required string ToDo { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>Tries so far.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is tried again by itself; null: not before someone acts.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>True when it will not pass without an admin of this node.</summary>
    public bool NeedsAttention { get; init; }

    /// <summary>Short name of the partner that has the change and has to get it done; null: it is here.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>True when General Settings is the place where it is mended.</summary>
    public bool AsksForSettings { get; init; }

    public Guid? ConnectionId { get; init; }

    public string? ConnectionName { get; init; }

    public Guid? TwinId { get; init; }

    /// <summary>Our entity; null while it is not created.</summary>
    public string? EntityKey { get; init; }

    public string? EntityLink { get; init; }

    /// <summary>The partner's entity, as far as it is known.</summary>
    public string? RemoteKey { get; init; }

    public string? RemoteLink { get; init; }

    public bool CanRetry { get; init; }

    /// <summary>True for a connection that a guard holds: Retry lets it go on, Ignore gives up what made it stop.</summary>
    public bool IsHeld { get; init; }

    /// <summary>What going on would do and can't be taken back; null where trying again is all it is.</summary>
    public string? GoOnMeans { get; init; }

    /// <summary>What ignoring it would do, with the fields it is about; null when it can't be ignored.</summary>
    public string? IgnoreMeans { get; init; }
}

/// <param name="Text">Part of a key or of the sentence; null or empty: all.</param>
/// <param name="WaitingForAdmin">Only what will not pass by itself.</param>
public sealed record ErrorFilter(ErrorScope? Scope = null, Guid? ConnectionId = null, string? Text = null, bool WaitingForAdmin = false);

/// <param name="Total">Of all pages.</param>
/// <param name="OfEntities">How many of them are of entities: those that <see cref="ErrorSelection.AllOf"/> is about.</param>
public sealed record ErrorPage(IReadOnlyList<SyncErrorView> Items, int Total, int PageSize, int OfEntities = 0);

/// <summary>Open errors, newest first; those of node, tracker and connections before those of entities.</summary>
/// <param name="Page">From 1.</param>
public sealed record ListErrors(ErrorFilter Filter, int Page = 1) : IRequest<ErrorPage>;

/// <summary>Null when it is over by now, or never was.</summary>
public sealed record GetError(string Id) : IRequest<SyncErrorView?>;

/// <summary>How many errors are open: the badge of the menu.</summary>
public sealed record CountErrors : IRequest<int>;

/// <param name="Ids">The chosen ones; empty with <paramref name="AllOf"/>.</param>
/// <param name="AllOf">All of entities that match, on every page; what stands in the way of more than one entity is decided on its own.</param>
public sealed record ErrorSelection(IReadOnlyList<string> Ids, ErrorFilter? AllOf = null);

/// <summary>Tries now what failed.</summary>
public sealed record RetryErrors(ErrorSelection Selection, string? By) : IRequest<Result<ErrorsHandled>>;

/// <summary>Gives the changes up; their pairs go on with the next one.</summary>
public sealed record IgnoreErrors(ErrorSelection Selection, string? By) : IRequest<Result<ErrorsHandled>>;

/// <param name="Skipped">Could not be handled, or were over by then.</param>
/// <param name="Reason">Why the first of them was skipped.</param>
public sealed record ErrorsHandled(int Done, int Skipped, string? Reason);
