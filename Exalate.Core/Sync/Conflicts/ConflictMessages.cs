using MediatR;

namespace Exalate.Core.Sync.Conflicts;

/// <summary>Both sides changed a field; one value stands, the other is kept here.</summary>
public sealed record ConflictView
{
    public required Guid Id { get; init; }

    public required Guid TwinId { get; init; }

    public required string ConnectionName { get; init; }

    public string? LocalKey { get; init; }

    public string? LocalLink { get; init; }

    public string? RemoteKey { get; init; }

    /// <summary>Example: "summary".</summary>
    public required string Field { get; init; }

    public required string LocalValue { get; init; }

    public required string RemoteValue { get; init; }

    /// <summary>True when this side's value stayed.</summary>
    public required bool LocalWon { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? ReversedAt { get; init; }

    public string? ReversedBy { get; init; }

    /// <summary>False when it was reversed, the pair is over, or only the tracker's history has the lost value.</summary>
    public bool CanReverse { get; init; }
}

/// <param name="Total">Of all pages.</param>
public sealed record ConflictPage(IReadOnlyList<ConflictView> Items, int Total, int PageSize);

/// <summary>Conflicts, newest first.</summary>
/// <param name="TwinId">Of one pair; null: of all.</param>
/// <param name="Page">From 1.</param>
public sealed record ListConflicts(Guid? TwinId = null, int Page = 1) : IRequest<ConflictPage>;

/// <summary>Writes the value that lost into this side's entity, as an edit that travels to the other side.</summary>
/// <param name="Anyway">Also when the field was edited since; what then stands there is kept as a conflict of its own.</param>
/// <remarks>Fails with <see cref="EditedSinceConflict"/> when it was and <paramref name="Anyway"/> is not set.</remarks>
public sealed record ReverseConflict(Guid ConflictId, string? By, bool Anyway = false) : IRequest<Result>;

/// <summary>Asks before a newer edit is replaced.</summary>
public sealed record EditedSinceConflict(string Sentence) : Conflict(Sentence);
