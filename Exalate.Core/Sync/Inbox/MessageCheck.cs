using Exalate.Core.Peers;
using Exalate.Core.Replicas;

namespace Exalate.Core.Sync.Inbox;

/// <summary>
/// What a partner's message must be before it is stored. The JSON reader puts null where a type says "never null", and takes text of any length; found later, either would
/// break a step of the engine each time it is tried. What is refused here is refused once, with a sentence.
/// </summary>
internal static class MessageCheck
{
    private const int MaxEventId = 64;

    /// <summary>Ids and keys: as long as their columns.</summary>
    private const int MaxId = 100;
    private const int MaxName = 1_000;

    /// <summary>More than any tracker holds at one entity.</summary>
    private const int MaxParts = 20_000;
    private const int MaxSaid = 1_000;
    private const int MaxVoucher = 64;

    /// <summary>Null when the request can be stored, else what is wrong with it.</summary>
    public static string? Problem(SyncRequestMessage message) => message switch
    {
        { EventId: not { Length: > 0 and <= MaxEventId } } => "The sync request has no usable event id.",
        _ when message.PairId == Guid.Empty || message.Version < 1 || message.BasedOn < 0 => "The sync request is not complete: pair id and versions are needed.",
        _ when !Enum.IsDefined(message.Kind) => "The sync request is of a kind that this version of Exalate does not know.",
        { Serial: < 0 } or { Seen: < 0 } => "The sync request carries numbers that no node gives.",
        { Voucher.Length: > MaxVoucher } => "The sync request carries a voucher that no node gives.",
        { YourEntityId: { Length: 0 or > MaxId } } => "The sync request names an entity by an id that no tracker has.",
        _ when !AreTexts(message.Changed, MaxName) => "The sync request does not name its changed fields.",
        { Kind: SyncRequestKind.Upsert, Replica: null } => "The sync request is not complete: a replica is needed.",
        { Replica: { } replica } => Problem(replica),
        _ => null,
    };

    /// <summary>Null when the result can be stored, else what is wrong with it.</summary>
    public static string? Problem(SyncResultMessage message) => message switch
    {
        { EventId: not { Length: > 0 and <= MaxEventId } } => "The result has no usable event id.",
        _ when !Enum.IsDefined(message.Outcome) || (message.Category is { } category && !Enum.IsDefined(category)) => "The result is of a kind that this version of Exalate does not know.",
        { EntityId: { Length: 0 or > MaxId } } or { Key.Length: > MaxId } => "The result names an entity by an id or key that no tracker has.",
        { Serial: < 0 } or { Seen: < 0 } => "The result carries numbers that no node gives.",
        { Voucher.Length: > MaxVoucher } => "The result carries a voucher that no node gives.",
        { Readback: null } or { Readback.Type.Length: > MaxName } => "The result does not say what was read back.",
        _ when !AreNamed(message.Readback.Pictures, MaxId) || !AreNamed(message.Readback.People, MaxName) => "The result does not say what the pictures and people in the text are.",
        _ when !AreTexts(message.Kept, MaxName) || !AreTexts(message.RemovedCopies, MaxId) || !AreTraces(message.Comments) || !AreTraces(message.Attachments) =>
            "The result lists copies without usable ids.",
        _ => null,
    };

    /// <summary>The result with its words fit for a page and a log: short, on one line; of the fields those that this version knows.</summary>
    public static SyncResultMessage Tidy(SyncResultMessage message) => message with
    {
        Key = Said(message.Key),
        Note = Said(message.Note),
        Problem = Said(message.Problem),
        Kept = [.. message.Kept.Where(field => field is Field.Summary or Field.Description).Distinct()],
    };

    /// <summary>The request with its key fit for a page and a log.</summary>
    public static SyncRequestMessage Tidy(SyncRequestMessage message) =>
        message.Replica is { } replica ? message with { Replica = replica with { Key = Said(replica.Key)! } } : message;

    /// <summary>Null when what a partner says of a pair can be used, else what is wrong with it.</summary>
    public static string? Problem(RecalledPair pair) => pair switch
    {
        _ when pair.PairId == Guid.Empty || pair.Received < 0 || pair.Acknowledged < 0 || pair.Traces < 0 => "The pair has no usable id or numbers.",
        { YourEntityId: { Length: 0 or > MaxId } } or { MyEntityId: { Length: 0 or > MaxId } } or { MyKey.Length: > MaxId } or { Voucher.Length: > MaxVoucher } => "The pair names an entity by an id or key that no tracker has.",
        _ when !Enum.TryParse<TwinState>(pair.State, out var state) || state.ToString() != pair.State => "The pair is in a state that this version of Exalate does not know.",
        _ when !AreTexts(pair.UnderWay, MaxEventId) => "The pair lists requests without usable ids.",
        { Detail: { } detail } => Problem(detail),
        _ => null,
    };

    private static string? Problem(RecalledDetail detail) => detail switch
    {
        { Yours: { } yours } when Problem(yours) is { } problem => problem,
        { Mine: { } mine } when Problem(mine) is { } problem => problem,
        _ when !AreTexts(detail.Diverged, MaxName) || !AreTexts(detail.OfferedComments, MaxId) || !AreTexts(detail.OfferedFiles, MaxId)
            || !AreTraces(detail.YourComments) || !AreTraces(detail.YourFiles) || !AreTraces(detail.MyComments) || !AreTraces(detail.MyFiles) => "The pair lists copies without usable ids.",
        _ => null,
    };

    private static string? Problem(Replica replica) => replica switch
    {
        { EntityId: not { Length: > 0 and <= MaxId } } or { Key: not { Length: > 0 and <= MaxId } } => "The replica names its entity by an id or key that no tracker has.",
        { Link: null } or { Type: not { Length: <= MaxName } } or { Summary: null } or { Description: null } => "The replica is not complete: link, type, summary and description are needed.",
        { Comments: null or { Count: > MaxParts } } or { Attachments: null or { Count: > MaxParts } } => "The replica does not list its comments and attachments, or lists too many.",
        _ when !AreTexts(replica.RemovedCopies, MaxId) => "The replica does not list its removed copies.",
        _ when !AreNamed(replica.Pictures, MaxId) || !AreNamed(replica.People, MaxName) => "The replica does not say what the pictures and people in its texts are.",
        _ when replica.Comments.Any(comment => comment is not { Id.Length: > 0 and <= MaxId, Author.Length: <= MaxName, Body: not null }) => "A comment of the replica lacks its id, its author or its text.",
        _ when replica.Attachments.Any(file => file is not { Id.Length: > 0 and <= MaxId, FileName.Length: > 0 and <= MaxName, ContentType.Length: <= MaxName }) =>
            "An attachment of the replica lacks its id, its name or its type.",
        _ => null,
    };

    private static bool AreTexts(IReadOnlyList<string>? texts, int maxLength) => texts is { Count: <= MaxParts } && texts.All(text => text?.Length <= maxLength);

    private static bool AreNamed(IReadOnlyDictionary<string, string>? names, int maxLength) =>
        names is null || (names.Count <= MaxParts && names.All(name => name is { Key.Length: > 0 and <= MaxName, Value: { Length: > 0 } value } && value.Length <= maxLength));

    private static bool AreTraces(IReadOnlyList<CopyTrace>? traces) =>
        traces is { Count: <= MaxParts } && traces.All(trace => trace is { OriginalId.Length: > 0 and <= MaxId, CopyId.Length: > 0 and <= MaxId });

    /// <summary>Words of a partner, fit for a page and a log.</summary>
    public static string? Said(string? text)
    {
        if (text is null)
            return null;
        var line = new string([.. text.Take(MaxSaid).Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
        return line.Length > 0 && char.IsHighSurrogate(line[^1]) ? line[..^1] : line;
    }
}
