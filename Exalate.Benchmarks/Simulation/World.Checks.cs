using System.Text;
using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;
using Microsoft.Data.Sqlite;

namespace Exalate.Benchmarks.Simulation;

/// <summary>What the promises say must hold. Each sentence begins with the promise's number.</summary>
internal sealed partial class World
{
    private const string Forged = "forged by a stranger";
    private const int ShortestSentence = 20;

    /// <summary>For each node, entity, field and author's node the last text that the node wrote there.</summary>
    private readonly Dictionary<(string Node, string EntityId, string Field, string Author), long> written = [];

    private List<string> Broken { get; } = [];

    /// <summary>Promise 5: what people wrote on one side arrives on the other in that order.</summary>
    public void OnNodeWrote(string nodeName, string entityId, EntityChange change)
    {
        Tell($"  the node of {nodeName} writes {change.Summary} {change.Description?.ToPlainText().ReplaceLineEndings(" ")} into {entityId}");
        InOrder(nodeName, entityId, "summary", change.Summary);
        InOrder(nodeName, entityId, "description", change.Description?.ToPlainText());
    }

    private void InOrder(string nodeName, string entityId, string field, string? text)
    {
        // A text that was added to an older one is its last author's.
        if (Tokens(text ?? "").Where(texts.ContainsKey).MaxBy(Number) is not { } newest || texts[newest].Node is var author && author == nodeName)
            return;
        var key = (nodeName, entityId, field, author);
        if (written.GetValueOrDefault(key) > Number(newest))
            Broken.Add($"5 order: the node of {nodeName} wrote '{text}' into {field} of {entityId} after a later text of {author}");
        written[key] = Math.Max(Number(newest), written.GetValueOrDefault(key));
    }

    /// <summary>One pair, one process at a time.</summary>
    public void HeldTwice(string what) => Broken.Add($"5 order: {what}");

    /// <summary>Promise 8: whatever waits because something failed says what happened.</summary>
    private void CheckSentences()
    {
        foreach (var node in nodes)
        {
            if (Scalar<long>(node, "SELECT COUNT(*) FROM SyncEvents WHERE FinishedAt IS NULL AND Stage <> 'Sent' AND (Attempts > 0 OR NeedsAttention) AND IFNULL(LENGTH(Problem), 0) < @n", ("@n", ShortestSentence)) > 0
                || Scalar<long>(node, "SELECT COUNT(*) FROM SyncRequests WHERE FinishedAt IS NULL AND (Attempts > 0 OR NeedsAttention) AND IFNULL(LENGTH(Problem), 0) < @n", ("@n", ShortestSentence)) > 0
                || Scalar<long>(node, "SELECT COUNT(*) FROM Connections WHERE PausedUntil IS NOT NULL AND IFNULL(LENGTH(CASE WHEN HeldKind = 'Rebuilding' THEN HeldSentence ELSE Problem END), 0) < @n", ("@n", ShortestSentence)) > 0)
            {
                if (!Broken.Any(sentence => sentence.StartsWith('8')))
                    Broken.Add($"8 a clear word: something failed on {node.Name}, and no sentence says what");
            }
        }
    }

    /// <summary>What was acknowledged is worked off without the help of any poll.</summary>
    private void CheckAcknowledged()
    {
        CheckNothingPending();
        foreach (var thing in things.Where(thing => !thing.Entities.Any(place => untold.Contains((place.Key, place.Value)))))
            CheckThing(thing);
    }

    private void CheckAll()
    {
        CheckNothingPending();
        foreach (var thing in things)
        {
            CheckThing(thing);
            if (thing.Deleted.Count == 0)
                CheckNothingLost(thing);
        }

        CheckNoStrangers();
        CheckConflicts();
        CheckConnections();
        CheckVouchers();
        CheckSecrets();
        var (requests, most) = (nodes.Where(node => !node.IsHalf).Sum(node => node.Wire.Requests.Count), 4 * Edits + 10 * things.Sum(thing => thing.Pairs.Count));
        if (requests > most)
            Broken.Add($"3 ping-pong: {Edits} edits made {requests} requests");
    }

    private void CheckNothingPending()
    {
        foreach (var node in nodes)
        {
            foreach (var row in Rows(node, "SELECT 'event ' || Id || ' in ' || Stage || ': ' || IFNULL(Problem, '') FROM SyncEvents WHERE FinishedAt IS NULL"
                + " UNION ALL SELECT 'request ' || Id || ' in ' || Stage || ': ' || IFNULL(Problem, '') FROM SyncRequests WHERE FinishedAt IS NULL"
                // What was in doubt when a pair ended is looked for when it is taken up again.
                + " UNION ALL SELECT 'intent for ' || i.Kind || ' ' || i.OriginalId FROM Intents i JOIN Twins t ON t.Id = i.TwinId WHERE t.State IN ('FirstSync', 'Synchronized')"
                + " UNION ALL SELECT 'lease on ' || LocalKey FROM Twins WHERE LeaseOwner IS NOT NULL"
                + " UNION ALL SELECT 'problem of ' || Name || ': ' || Problem FROM Connections WHERE Problem IS NOT NULL"
                + " UNION ALL SELECT 'held: ' || Name || ': ' || HeldSentence FROM Connections WHERE HeldSince IS NOT NULL"))
                Broken.Add($"1 nothing lost: work is left on {node.Name} after calm: {row}");
        }
    }

    private void CheckThing(Thing thing)
    {
        foreach (var (from, to) in thing.Pairs.Where(pair => !thing.Deleted.Contains(pair.From)))
        {
            Discover(thing, Named(from), Named(to));
            if (!thing.Entities.ContainsKey(to))
                Broken.Add($"1 nothing lost: {thing.Entities.GetValueOrDefault(from)} of {from} has no copy on {to}");
            else if (!thing.Deleted.Contains(to))
                CheckEqual(thing, from, to);
        }

        if (thing.Deleted.Count > 0)
            return;
        foreach (var (name, id) in thing.Entities)
        {
            CheckComments(thing, name, Named(name).Tracker.Find(id)!);
            CheckFiles(thing, name, Named(name).Tracker);
        }
    }

    private void CheckEqual(Thing thing, string from, string to)
    {
        var (a, b) = (Named(from).Tracker.Find(thing.Entities[from])!, Named(to).Tracker.Find(thing.Entities[to])!);
        if (a.Summary != b.Summary)
            Broken.Add($"4 converge: the summary is '{a.Summary}' on {from} and '{b.Summary}' on {to}");
        if (Plain(a, from, to) != Plain(b, from, to))
            Broken.Add($"4 converge: the description is '{Plain(a, from, to)}' on {from} and '{Plain(b, from, to)}' on {to}");
    }

    /// <summary>The text as both vendors show it.</summary>
    private string Plain(TrackerEntity entity, string one, string other)
    {
        var text = Named(other).Tracker.Normalise(Named(one).Tracker.Normalise(entity.Description, RichTextPlace.Description), RichTextPlace.Description);
        return Named(one).Tracker.Normalise(text, RichTextPlace.Description).ToPlainText().Trim().ReplaceLineEndings("/");
    }

    private void CheckComments(Thing thing, string name, TrackerEntity entity)
    {
        var there = entity.Comments.SelectMany(comment => Tokens(comment.Body.ToPlainText())).ToList();
        if (there.Count != there.Distinct().Count())
            Broken.Add($"2 nothing doubled: comments on {name} are {string.Join(' ', there)}");
        var expected = thing.Comments.Where(comment => comment.Token is not null).Select(comment => comment.Token!).ToList();
        if (!thing.HasTamperedCopies && !there.Order().SequenceEqual(expected.Order()))
            Broken.Add($"1 nothing lost: comments on {name} are {string.Join(' ', there)}, and should be {string.Join(' ', expected)}");
    }

    private void CheckFiles(Thing thing, string name, SimTracker tracker)
    {
        var there = tracker.Find(thing.Entities[name])!.Attachments;
        var names = there.Select(file => file.FileName).Order().ToList();
        var expected = thing.Files.Where(file => file.Value).Select(file => file.Key).Order().ToList();
        if (names.Count != names.Distinct().Count())
            Broken.Add($"2 nothing doubled: files on {name} are {string.Join(' ', names)}");
        else if (!names.SequenceEqual(expected))
            Broken.Add($"1 nothing lost: files on {name} are {string.Join(' ', names)}, and should be {string.Join(' ', expected)}");
        if (there.Any(file => tracker.Content(file.Id) is not [var first, 7] || first != (byte)Number(file.FileName)))
            Broken.Add($"1 nothing lost: a file on {name} has another content than its original");
    }

    /// <summary>Each text that a person wrote stands, was replaced by a person who saw it, or is in a conflict record.</summary>
    private void CheckNothingLost(Thing thing)
    {
        var standing = thing.Entities.SelectMany(place => Tokens($"{Named(place.Key).Tracker.Find(place.Value)!.Summary}\n{Named(place.Key).Tracker.Find(place.Value)!.Description.ToPlainText()}")).ToHashSet();
        foreach (var text in texts.Values.Where(text => text.Thing == thing && !text.SeenAndReplaced && !standing.Contains(text.Token)))
        {
            if (IsRecorded(text))
                continue;
            if (text.InTheWindow && !Named(text.Node).Tracker.IsJira)
                LostInTheWindow++;
            else
                Broken.Add($"3 no swallowed edit: {text.Field} {text.Token} of {text.Node} stands nowhere and is in no conflict record");
        }
    }

    private bool IsRecorded(PersonsText text) =>
        lostRecords.Contains(text.Token) || lostMoments.Contains((text.Node, text.Field, text.At))
        || nodes.Any(node => Rows(node, "SELECT LocalValue || ' ' || RemoteValue FROM Conflicts").Any(values => Tokens(values).Contains(text.Token)))
        || Scalar<long>(Named(text.Node), "SELECT COUNT(*) FROM Conflicts WHERE Field = @f AND At = @t", ("@f", text.Field), ("@t", text.At.UtcTicks)) > 0;

    /// <summary>A conflict is of two people: where both values hold the same words, one vendor's way of writing was taken for an edit.</summary>
    private void CheckConflicts()
    {
        // What was written and not read back when its pair was taken out of sync is later taken for an edit, of the same words.
        if (nodes.Any(node => Scalar<long>(node, "SELECT COUNT(*) FROM SyncRequests WHERE Stage = 'Ignored' AND PlanJson IS NOT NULL") > 0))
            return;
        foreach (var node in nodes)
        {
            foreach (var values in Rows(node, "SELECT LocalValue || char(1) || RemoteValue FROM Conflicts").Select(row => row.Split('\u0001')))
            {
                if (Tokens(values[0]) is { Count: > 0 } local && local.SequenceEqual(Tokens(values[1])))
                    Broken.Add($"3 no ping-pong: {node.Name} recorded a conflict that nobody had: '{values[0].ReplaceLineEndings("/")}' and '{values[1].ReplaceLineEndings("/")}'");
            }
        }
    }

    /// <summary>No entity that nobody asked for, and nothing of what a stranger forged.</summary>
    private void CheckNoStrangers()
    {
        // Also where the original is gone: its copy stays.
        foreach (var thing in things)
            thing.Pairs.ForEach(pair => Discover(thing, Named(pair.From), Named(pair.To)));
        foreach (var node in nodes)
        {
            var known = things.Select(thing => thing.Entities.GetValueOrDefault(node.Name)).ToHashSet();
            foreach (var entity in node.Tracker.Entities.Where(entity => !known.Contains(entity.Id) && entity.Id != ownBusiness))
                Broken.Add($"2 nothing doubled: {entity.Id} '{entity.Summary}' of {node.Name} is the copy of nothing");
            if (node.Tracker.Entities.Any(entity => entity.Summary.Contains(Forged, StringComparison.Ordinal)))
                Broken.Add($"6 own house: a stranger's text stands on {node.Name}");
        }
    }

    /// <summary>Promise 7: no secret in the database, the log or a message.</summary>
    private void CheckSecrets()
    {
        foreach (var node in nodes)
        {
            var all = new StringBuilder(node.Leaks.Log);
            foreach (var table in Rows(node, "SELECT name FROM sqlite_master WHERE type = 'table'"))
                Dump(node, table, all);
            var text = all.ToString();
            if (node.Leaks.Secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)))
                Broken.Add($"7 secrets: one of {node.Name} stands readable in its database, log or messages");
        }
    }

    private static void Dump(Node node, string table, StringBuilder all)
    {
        using var command = node.Sql.CreateCommand();
        command.CommandText = $"SELECT * FROM \"{table}\"";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            for (var column = 0; column < reader.FieldCount; column++)
            {
                if (reader.GetValue(column) is string text)
                    all.Append(text).Append('\n');
            }
        }
    }

    /// <summary>Nothing changes any more: whatever is reported again, no message is sent.</summary>
    private void CheckQuiet()
    {
        var before = nodes.Sum(node => node.Wire.Sent);
        foreach (var (thing, place) in things.SelectMany(thing => thing.Entities.Where(place => !thing.Deleted.Contains(place.Key)).Select(place => (thing, place))))
            OnChanged(place.Key, place.Value, true, null);
        Settle();
        time.Advance(BackupPoll);
        foreach (var node in nodes)
            node.Watch();
        Settle();
        if (nodes.Sum(node => node.Wire.Sent) != before)
            Broken.Add("3 ping-pong: messages are sent although nothing changed");
    }

    /// <summary>Promise 6: the third node uses its own connection to reach what the first shares with the second.</summary>
    private void Forge()
    {
        var (victim, stranger) = (nodes[0], nodes[2].Name);
        var (own, other) = (victim.Connections[stranger], victim.Connections[nodes[1].Name]);
        if (Scalar<string>(victim, "SELECT PairId FROM Twins WHERE ConnectionId = @c AND LocalEntityId IS NOT NULL", ("@c", other)) is not { } pair)
            return;
        var entity = Scalar<string>(victim, "SELECT LocalEntityId FROM Twins WHERE ConnectionId = @c AND PairId = @p", ("@c", other), ("@p", pair))!;
        if (Scalar<string>(victim, "SELECT PairId FROM Twins WHERE ConnectionId = @c AND LocalEntityId = @e", ("@c", own), ("@e", entity)) is not null)
            return;
        Tell($"{stranger} forges messages about {entity} of {victim.Name}");
        var eventId = Scalar<string>(victim, "SELECT EventId FROM SyncEvents WHERE ConnectionId = @c AND Stage IN ('Prepared', 'Sent')", ("@c", other));
        victim.Call(async () =>
        {
            var replica = new Replica { EntityId = "9", Key = "X-9", Link = "https://x.example", Type = "Task", Summary = Forged, Description = RichDocument.Empty };
            var request = new SyncRequestMessage
            {
                EventId = $"forged-{++counter}", PairId = Guid.Parse(pair), Kind = SyncRequestKind.Upsert, Version = 99, BasedOn = 1, Changed = [Field.Summary], Replica = replica,
            };
            if ((await victim.Inbox.StoreRequestAsync(own, request, default)).Outcome is InboxOutcome.Stored or InboxOutcome.AlreadyStored)
                Broken.Add($"6 own house: {victim.Name} took a request of {stranger} for a pair of another connection");
            if (eventId is not null)
                await victim.Inbox.StoreResultAsync(own, new SyncResultMessage { EventId = eventId, Outcome = SyncOutcome.Applied, EntityId = "9", Key = "X-9", Readback = new FieldReadback { Summary = Forged } }, default);
            foreach (var file in victim.Tracker.Find(entity)?.Attachments ?? [])
            {
                if (await victim.Inbox.OpenAttachmentAsync(own, entity, file.Id, default) is not null)
                    Broken.Add($"6 own house: {victim.Name} gave {stranger} a file of another connection");
            }
        });
        if (Rows(victim, $"SELECT ResultJson FROM SyncEvents WHERE ResultJson LIKE '%{Forged}%'").Count > 0)
            Broken.Add($"6 own house: {victim.Name} took a result of {stranger} for an event of another connection");
    }

    private static List<string> Rows(Node node, string sql)
    {
        using var command = node.Sql.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }

    private static T? Scalar<T>(Node node, string sql, params (string Name, object Value)[] parameters)
    {
        using var command = node.Sql.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.Add(new SqliteParameter(name, value));
        return command.ExecuteScalar() is T found ? found : default;
    }
}
