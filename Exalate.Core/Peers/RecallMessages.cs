using System.Text.Json.Serialization;
using Exalate.Core.Replicas;

namespace Exalate.Core.Peers;

// What a node that was restored from a back-up asks its partner; docs/peer-protocol.md says what each means.

/// <summary>Body of <c>POST /peer/v1/connections/{linkId}/recall</c>.</summary>
public sealed record RecallQuestion
{
    /// <summary>Where the last page ended, as the partner said; null for the first.</summary>
    public string? After { get; init; }

    /// <summary>These pairs and all that is known of them, at most <see cref="MaxPairs"/>, instead of a page.</summary>
    public IReadOnlyList<Guid>? Pairs { get; init; }

    public const int MaxPairs = 20;
}

/// <summary>Its answer.</summary>
/// <param name="Next">For <see cref="RecallQuestion.After"/>; null on the last page.</param>
public sealed record RecallAnswer(IReadOnlyList<RecalledPair> Pairs, string? Next = null);

/// <summary>A pair as the answering side knows it. "Your" is the asker's, "my" the answerer's.</summary>
public sealed record RecalledPair
{
    public required Guid PairId { get; init; }

    /// <summary>The answerer's state of the pair: "FirstSync", "Synchronized", "LocalRemoved" (mine is gone), "RemoteRemoved" (yours is gone) or "Ended". Text, as a newer node may have more.</summary>
    public required string State { get; init; }

    /// <summary>True where the asker brought the entity under sync.</summary>
    public bool StartedByYou { get; init; }

    /// <summary>The asker's entity; null while the answerer does not know it.</summary>
    public string? YourEntityId { get; init; }

    /// <summary>What the asker gave along with its entity, to know it by again: <see cref="SyncRequestMessage.Voucher"/>.</summary>
    public string? Voucher { get; init; }

    /// <summary>The answerer's entity.</summary>
    public string? MyEntityId { get; init; }

    public string? MyKey { get; init; }

    public string? MyLink { get; init; }

    /// <summary>Highest version of the asker's replicas that arrived.</summary>
    public long Received { get; init; }

    /// <summary>Highest version of the answerer's replicas that the asker has answered.</summary>
    public long Acknowledged { get; init; }

    /// <summary>Comments and files of which the answerer knows the other one.</summary>
    public int Traces { get; init; }

    /// <summary>The answerer's requests that the asker has not answered; they are sent again.</summary>
    public IReadOnlyList<string> UnderWay { get; init; } = [];

    /// <summary>True while a result of the asker's has arrived and is not worked in yet: what is said of the pair is behind it, and has to be asked again. Left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsUnsettled { get; init; }

    /// <summary>With <see cref="RecallQuestion.Pairs"/> alone.</summary>
    public RecalledDetail? Detail { get; init; }
}

public sealed record RecalledDetail
{
    /// <summary>The asker's entity as the answerer knows it.</summary>
    public Replica? Yours { get; init; }

    /// <summary>The answerer's entity as the asker knew it.</summary>
    public Replica? Mine { get; init; }

    /// <summary>Fields whose values on the two sides have nothing to do with each other since a conflict.</summary>
    public IReadOnlyList<string> Diverged { get; init; } = [];

    /// <summary>The asker's comments and their copies at the answerer.</summary>
    public IReadOnlyList<CopyTrace> YourComments { get; init; } = [];

    public IReadOnlyList<CopyTrace> YourFiles { get; init; } = [];

    /// <summary>The answerer's comments and their copies at the asker.</summary>
    public IReadOnlyList<CopyTrace> MyComments { get; init; } = [];

    public IReadOnlyList<CopyTrace> MyFiles { get; init; } = [];

    /// <summary>The answerer's comments and files in requests that are under way: the asker may have copied them already.</summary>
    public IReadOnlyList<string> OfferedComments { get; init; } = [];

    public IReadOnlyList<string> OfferedFiles { get; init; } = [];

    /// <summary>When the first request that is under way was made.</summary>
    public DateTimeOffset? OfferedSince { get; init; }
}

/// <summary>Mail to a partner that can't be called: its answer is to be sent to <c>POST /peer/v1/connections/{linkId}/recalls/{want}</c>.</summary>
/// <param name="Want">Random; names the answer.</param>
public sealed record RecallWanted(string Want, RecallQuestion Question);
