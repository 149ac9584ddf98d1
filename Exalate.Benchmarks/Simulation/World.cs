using Exalate.Core.RichText;
using Exalate.Core.Sync;

namespace Exalate.Benchmarks.Simulation;

/// <summary>
/// Two engines, their databases, trackers and the wire between them, people editing on both sides, and everything that can go wrong, all driven by one seed on one
/// thread. The same seed gives the same history.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    private readonly Random dice;
    private readonly EnginePair pair;
    private readonly List<Entity> entities = [];
    private readonly List<PersonsEdit> edits = [];
    private readonly List<(EngineSide Side, string EntityId, DateTimeOffset At)> reports = [];
    private int counter;

    private World(int seed, EnginePair pair)
    {
        dice = new Random(seed);
        this.pair = pair;
        foreach (var side in Sides)
        {
            side.Tracker.Changed = entityId => Report(side, entityId);
            side.Tracker.AfterWrite = call => Tell($"the node of {side.Name} did: {call}");
        }
    }

    /// <summary>What happened, in order, for whoever has to understand a failing seed.</summary>
    public List<string> History { get; } = [];

    private EngineSide[] Sides => [pair.A, pair.B];

    public static async Task<World> CreateAsync(int seed) => new(seed, await EnginePair.CreateAsync(seed));

    /// <summary>People edit, processes die, messages are lost; then the weather clears and all has to come to rest.</summary>
    public async Task RunAsync(int steps)
    {
        for (var i = dice.Next(1, 4); i > 0; i--)
            await StartAsync();
        for (var step = 0; step < steps; step++)
        {
            Disturb();
            if (dice.Next(3) > 0)
                EditSomething();
            await WorkAsync(dice.Next(0, 6));
            pair.Time.Advance(TimeSpan.FromMilliseconds(dice.Next(0, 4000)));
        }

        Calm();
        await ComeToRestAsync();
    }

    /// <summary>What the promises say must hold now; empty when all does.</summary>
    public async Task<IReadOnlyList<string>> FindBrokenPromisesAsync()
    {
        var broken = new List<string>();
        foreach (var entity in entities)
            await CheckAsync(entity, broken);
        foreach (var side in Sides)
        {
            await using var db = side.Db();
            if (db.Intents.Any())
                broken.Add($"{side.Name}: an intent is left over");
            if (db.SyncEvents.Any(row => row.FinishedAt == null) || db.SyncRequests.Any(row => row.FinishedAt == null))
                broken.Add($"{side.Name}: work is pending after calm");
        }

        if (pair.B.Tracker.Entities.Count(row => row.CreatorId == FakeTracker.Account) is var copies && copies != entities.Count)
            broken.Add($"{entities.Count} entities were brought under sync, {copies} copies exist");
        return broken;
    }

    public ValueTask DisposeAsync() => pair.DisposeAsync();

    private async Task StartAsync()
    {
        var entity = pair.A.Tracker.Add(NextText("s"), NextText("d"), dice.Next(2) == 0 ? "Task" : "Bug");
        var twin = await pair.A.ExalateAsync(entity.Key);
        entities.Add(new Entity(twin, entity.Id));
        Tell($"A brings {entity.Key} under sync");
    }

    private void Disturb()
    {
        var side = Sides[dice.Next(2)];
        switch (dice.Next(12))
        {
            case 0 when side.Crash.At is null:
                side.Crash.Reset();
                side.Crash.At = dice.Next(1, 60);
                Tell($"{side.Name} will be killed at its call {side.Crash.At}");
                break;
            case 1:
                side.Wire.IsCut = true;
                Tell($"{side.Name} can't reach the other");
                break;
            case 2:
                side.Wire.IsCut = false;
                break;
            case 3:
                side.Wire.AnswersToLose = dice.Next(1, 3);
                Tell($"{side.Name} loses the next {side.Wire.AnswersToLose} answers");
                break;
            case 4:
                side.Wire.Doubles = dice.Next(2) == 0;
                break;
        }
    }

    private void Calm()
    {
        Tell("calm");
        foreach (var side in Sides)
        {
            side.Crash.Reset();
            (side.Wire.IsCut, side.Wire.Doubles, side.Wire.AnswersToLose) = (false, false, 0);
        }
    }

    /// <summary>Delivers what is due of the webhooks, then lets each side work a little.</summary>
    private async Task WorkAsync(int rounds)
    {
        await DeliverReportsAsync(all: false);
        for (var i = 0; i < rounds; i++)
            await Sides[dice.Next(2)].WorkAsync();
    }

    private async Task ComeToRestAsync()
    {
        for (var round = 0; round < 60; round++)
        {
            await DeliverReportsAsync(all: true);
            await pair.SettleForAsync(TimeSpan.FromSeconds(5));
            pair.Time.Advance(TimeSpan.FromSeconds(30));
            // The backup poll finds what no webhook told.
            foreach (var side in Sides)
            {
                foreach (var entity in side.Tracker.Entities.ToList())
                    await side.ReportAsync(entity.Id);
            }

            var before = (pair.A.Wire.Sent.Count, pair.B.Wire.Sent.Count);
            await pair.SettleForAsync(TimeSpan.FromSeconds(5));
            if (reports.Count == 0 && before == (pair.A.Wire.Sent.Count, pair.B.Wire.Sent.Count) && !await IsBusyAsync())
                return;
        }

        Tell("it did not come to rest");
    }

    private async Task<bool> IsBusyAsync()
    {
        foreach (var side in Sides)
        {
            await using var db = side.Db();
            if (db.SyncEvents.Any(row => row.FinishedAt == null) || db.SyncRequests.Any(row => row.FinishedAt == null))
                return true;
        }

        return false;
    }

    /// <summary>A webhook: sometimes twice, sometimes late, sometimes never.</summary>
    private void Report(EngineSide side, string entityId)
    {
        var times = dice.Next(10) switch { 0 => 0, 1 => 2, _ => 1 };
        for (var i = 0; i < times; i++)
            reports.Add((side, entityId, pair.Time.GetUtcNow() + TimeSpan.FromMilliseconds(dice.Next(0, 3000))));
    }

    private async Task DeliverReportsAsync(bool all)
    {
        var due = reports.Where(report => all || report.At <= pair.Time.GetUtcNow()).ToList();
        foreach (var report in due)
        {
            reports.Remove(report);
            await report.Side.ReportAsync(report.EntityId);
        }
    }

    private void EditSomething()
    {
        var entity = entities[dice.Next(entities.Count)];
        var onA = dice.Next(2) == 0 || entity.Twin(pair) is null;
        var side = onA ? pair.A : pair.B;
        var id = onA ? entity.Id : entity.Twin(pair)!;
        var tracker = side.Tracker;
        switch (dice.Next(8))
        {
            case 0 or 1:
                Edit(side, id, "summary", NextText("s"), (row, text) => row with { Summary = text });
                break;
            case 2 or 3:
                Edit(side, id, "description", NextText("d"), (row, text) => row with { Description = RichDocument.FromPlainText(text) });
                break;
            case 4 or 5:
                var text = NextText("c");
                var comment = tracker.Comment(id, $"Person {side.Name}", text);
                entity.Comments[(side.Name, comment)] = text;
                Tell($"{side.Name} comments {text} on {id}");
                break;
            case 6:
                var file = NextText("f");
                tracker.Attach(id, file, [(byte)counter]);
                entity.Files.Add(file);
                Tell($"{side.Name} attaches {file} to {id}");
                break;
            default:
                EditOrRemoveComment(entity, side, id);
                break;
        }
    }

    private void EditOrRemoveComment(Entity entity, EngineSide side, string id)
    {
        var own = entity.Comments.Keys.Where(key => key.Side == side.Name).ToList();
        if (own.Count == 0)
            return;
        var chosen = own[dice.Next(own.Count)];
        if (dice.Next(2) == 0)
        {
            entity.Comments[chosen] = NextText("c");
            side.Tracker.EditComment(id, chosen.Id, entity.Comments[chosen]);
            Tell($"{side.Name} edits a comment to {entity.Comments[chosen]}");
        }
        else
        {
            entity.Comments.Remove(chosen);
            side.Tracker.RemoveComment(id, chosen.Id);
            Tell($"{side.Name} removes a comment");
        }
    }

    private void Edit(EngineSide side, string id, string field, string text, Func<Core.Trackers.TrackerEntity, string, Core.Trackers.TrackerEntity> edit)
    {
        side.Tracker.Edit(id, row => edit(row, text));
        edits.Add(new PersonsEdit(side.Name, id, field, text));
        Tell($"{side.Name} sets {field} of {id} to {text}");
    }

    private async Task CheckAsync(Entity entity, List<string> broken)
    {
        var progress = await pair.A.ProgressAsync(entity.TwinId);
        if (progress.Phase != SyncPhase.Synchronized)
        {
            broken.Add($"{entity.Id} is in {progress.Phase}: {progress.Problem}");
            return;
        }

        var (a, b) = (pair.A.Tracker[entity.Id], pair.B.Tracker[entity.Twin(pair)!]);
        if (a.Summary != b.Summary || a.Description.ToPlainText() != b.Description.ToPlainText())
            broken.Add($"{entity.Id} differs: '{a.Summary}' / '{b.Summary}', '{a.Description.ToPlainText()}' / '{b.Description.ToPlainText()}'");
        CheckComments(entity, "A", a, b, broken);
        CheckComments(entity, "B", b, a, broken);
        var files = entity.Files.Order().ToList();
        if (!a.Attachments.Select(file => file.FileName).Order().SequenceEqual(files) || !b.Attachments.Select(file => file.FileName).Order().SequenceEqual(files))
            broken.Add($"{entity.Id}: files {string.Join(',', files)}, A has {Names(a)}, B has {Names(b)}");
        await CheckEditsAsync(entity, a, b, broken);
    }

    private static string Names(Core.Trackers.TrackerEntity entity) => string.Join(',', entity.Attachments.Select(file => file.FileName).Order());

    private static void CheckComments(Entity entity, string side, Core.Trackers.TrackerEntity own, Core.Trackers.TrackerEntity other, List<string> broken)
    {
        var expected = entity.Comments.Where(pair => pair.Key.Side == side).Select(pair => pair.Value).Order().ToList();
        var copies = other.Comments.Where(comment => comment.AuthorId == FakeTracker.Account).Select(comment => comment.Body.ToPlainText().Split('\n')[^1]).Order().ToList();
        if (!copies.SequenceEqual(expected))
            broken.Add($"{own.Id}: comments of {side} are {string.Join(',', expected)}, their copies {string.Join(',', copies)}");
    }

    /// <summary>The last edit that a person made to a field on each side stands, or is in a conflict record.</summary>
    private async Task CheckEditsAsync(Entity entity, Core.Trackers.TrackerEntity a, Core.Trackers.TrackerEntity b, List<string> broken)
    {
        var recorded = new HashSet<string>();
        foreach (var side in Sides)
        {
            await using var db = side.Db();
            foreach (var conflict in db.Conflicts.ToList())
                recorded.UnionWith([conflict.LocalValue, conflict.RemoteValue]);
        }

        foreach (var field in new[] { "summary", "description" })
        {
            var standing = field == "summary" ? a.Summary : a.Description.ToPlainText();
            var mine = edits.Where(edit => edit.Field == field && (edit.EntityId == entity.Id && edit.Side == "A" || edit.EntityId == b.Id && edit.Side == "B")).ToList();
            if (mine.Count == 0)
                continue;
            if (mine.All(edit => edit.Text != standing))
                broken.Add($"{entity.Id}: {field} is '{standing}', which nobody wrote last");
            foreach (var last in mine.GroupBy(edit => edit.Side).Select(side => side.Last()))
            {
                var overruledLater = mine.IndexOf(last) < mine.Count - 1 && mine[^1].Side != last.Side;
                if (last.Text != standing && !recorded.Contains(last.Text) && !overruledLater)
                    broken.Add($"{entity.Id}: the edit '{last.Text}' of {last.Side} is lost");
            }
        }
    }

    private string NextText(string prefix) => $"{prefix}{++counter}";

    private void Tell(string what) => History.Add($"{pair.Time.GetUtcNow():HH:mm:ss.fff} {what}");

    private sealed record PersonsEdit(string Side, string EntityId, string Field, string Text);

    private sealed record Entity(Guid TwinId, string Id)
    {
        public Dictionary<(string Side, string Id), string> Comments { get; } = [];

        public List<string> Files { get; } = [];

        /// <summary>Id of the copy, once it exists.</summary>
        public string? Twin(EnginePair pair)
        {
            using var db = pair.A.Db();
            return db.Twins.Single(twin => twin.Id == TwinId).RemoteEntityId;
        }
    }
}
