using Exalate.Core.Sync.Conflicts;
using Exalate.Core.Sync.Errors;
using MediatR;

namespace Exalate.Core.Sync.Entities;

/// <summary>Where an entity stands on each connection.</summary>
/// <param name="Urn">A key, id or link of either side, as a person types or pastes it.</param>
public sealed record GetEntityStatus(string Urn) : IRequest<EntityStatusView>;

public sealed record EntityStatusView
{
    /// <summary>Our entity; null when none was found.</summary>
    public string? Key { get; init; }

    /// <summary>Null where no page can be opened, too: the entity was deleted.</summary>
    public string? Link { get; init; }

    /// <summary>True for an entity of ours that was deleted: the tracker does not show it any more.</summary>
    public bool IsGone { get; init; }

    public string? Summary { get; init; }

    /// <summary>Why there is nothing, or not all, to show, in a sentence.</summary>
    public string? Problem { get; init; }

    public IReadOnlyList<PairStatusView> Pairs { get; init; } = [];

    /// <summary>Active connections on which the entity is not under sync.</summary>
    public IReadOnlyList<ConnectionChoice> CanExalateOn { get; init; } = [];
}

public sealed record ConnectionChoice(Guid Id, string Name);

/// <summary>One pair of the entity, with what each side knows of the other.</summary>
public sealed record PairStatusView
{
    public required TwinProgress Progress { get; init; }

    public required string ConnectionName { get; init; }

    public required string LocalShortName { get; init; }

    public required string RemoteShortName { get; init; }

    public required TwinState State { get; init; }

    public DateTimeOffset? LastSyncAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Changes on their way out, and changes that arrived and are not written yet.</summary>
    public int OpenOutgoing { get; init; }

    public int OpenIncoming { get; init; }

    /// <summary>See <see cref="Twin.UnseenWrites"/>.</summary>
    public long UnseenWrites { get; init; }

    /// <summary>Type, summary, description, as both sides last had them. Empty before the first exchange.</summary>
    public IReadOnlyList<FieldComparison> Fields { get; init; } = [];

    /// <summary>What was written on each side, without the copies of the other's.</summary>
    public IReadOnlyList<PartsOfSides> Parts { get; init; } = [];

    public IReadOnlyList<SyncErrorView> Errors { get; init; } = [];

    public IReadOnlyList<ConflictView> Conflicts { get; init; } = [];
}

/// <param name="Name">Example: "Comments".</param>
public sealed record PartsOfSides(string Name, IReadOnlyList<string> Local, IReadOnlyList<string> Remote);

/// <param name="Name">Example: "Summary".</param>
/// <param name="Lines">What differs, line by line, both in order; empty when nothing does.</param>
public sealed record FieldComparison(string Name, string Local, string Remote, IReadOnlyList<DiffLine> Lines)
{
    public bool IsSame => Lines.Count == 0;
}

public enum DiffSide
{
    Both,
    LocalOnly,
    RemoteOnly,
}

public sealed record DiffLine(DiffSide Side, string Text);
