using System.Globalization;
using System.Text.RegularExpressions;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;

namespace Exalate.Benchmarks.Simulation;

/// <summary>What people do in the trackers. Every text holds a token that occurs once in the world, so that nothing can get lost unseen.</summary>
internal sealed partial class World
{
    private readonly List<Thing> things = [];
    private readonly Dictionary<string, PersonsText> texts = [];
    private readonly HashSet<(string Node, string EntityId)> untold = [];
    private int counter;

    private void StartAThing()
    {
        var home = nodes[dice.Next(nodes.Count)];
        var thing = new Thing();
        var (summary, description) = (NextToken("s"), NextToken("d"));
        var entity = home.Tracker.Add($"{summary} at {home.Name}", Document(description), dice.Next(2) == 0 ? "Task" : "Bug");
        thing.Entities[home.Name] = entity.Id;
        Wrote(home, thing, "summary", summary);
        Wrote(home, thing, "description", description);
        things.Add(thing);
        var others = home.Connections.Keys.ToList();
        foreach (var other in others.Count == 1 || dice.Next(3) > 0 ? others : [others[dice.Next(others.Count)]])
            Exalate(thing, home, Named(other), entity.Key);
    }

    private void Exalate(Thing thing, Node from, Node to, string key)
    {
        Tell($"{from.Name} brings {key} under sync with {to.Name}");
        if (from.Front.Exalate(to.Name, key) is not null || Scalar<string>(from.Front, "SELECT PairId FROM Twins WHERE ConnectionId = @c AND LocalKey = @k", ("@c", from.Connections[to.Name]), ("@k", key)) is not null)
            thing.Pairs.Add((from.Name, to.Name));
    }

    private void ActSomewhere()
    {
        var thing = things[dice.Next(things.Count)];
        foreach (var (from, to) in thing.Pairs)
            Discover(thing, Named(from), Named(to));
        var places = thing.Entities.Where(place => !thing.Deleted.Contains(place.Key)).ToList();
        if (places.Count == 0)
            return;
        var (name, id) = places[dice.Next(places.Count)];
        Act(thing, Named(name), id);
    }

    /// <summary>Where the copy stands, once it does. Where it carries a mark, people can find it before its node knows it.</summary>
    private void Discover(Thing thing, Node from, Node to)
    {
        if (thing.Entities.ContainsKey(to.Name) || !thing.Entities.TryGetValue(from.Name, out var id))
            return;
        var pair = Scalar<string>(from, "SELECT PairId FROM Twins WHERE ConnectionId = @c AND LocalEntityId = @e", ("@c", from.Connections[to.Name]), ("@e", id));
        if (pair is null)
            return;
        var mark = Guid.Parse(pair).ToString("N");
        var copy = Scalar<string>(to, "SELECT LocalEntityId FROM Twins WHERE ConnectionId = @c AND PairId = @p", ("@c", to.Connections[from.Name]), ("@p", pair))
            ?? to.Tracker.Entities.FirstOrDefault(entity => entity.OriginMark?.StartsWith(mark, StringComparison.Ordinal) == true)?.Id;
        if (copy is not null)
            thing.Entities[to.Name] = copy;
    }

    private void Act(Thing thing, Node node, string id)
    {
        Edits++;
        var tracker = node.Tracker;
        switch (dice.Next(40))
        {
            case < 9:
                EditField(thing, node, id, "summary");
                break;
            case < 17:
                EditField(thing, node, id, "description");
                break;
            case < 25:
                var said = NextToken("c");
                var comment = tracker.Comment(id, $"Person {node.Name}", Document(said));
                thing.Comments.Add(new PersonsComment(node.Name, comment) { Token = said });
                Tell($"{node.Name}: a comment {said} on {id}");
                break;
            case < 30:
                var file = NextToken("f");
                tracker.Attach(id, "person", file, [(byte)counter, 7]);
                (thing.Files[file], thing.FileHomes[file]) = (true, node.Name);
                Tell($"{node.Name}: the file {file} on {id}");
                break;
            case < 34:
                ChangeComment(thing, node, id);
                break;
            case < 36:
                RemoveFile(thing, node, id);
                break;
            case < 38:
                TamperWithCopy(thing, node, id);
                break;
            case 38 when dice.Next(3) == 0:
                // One that goes before its node knows of it was never there: it is made anew.
                if (!IsKnown(node, id))
                    break;
                Tell($"{node.Name}: {id} is deleted");
                thing.Deleted.Add(node.Name);
                tracker.Delete(id);
                break;
            default:
                BringFurther(thing, node, id);
                break;
        }
    }

    private static bool IsKnown(Node node, string id) => Scalar<string>(node, "SELECT Id FROM Twins WHERE LocalEntityId = @e", ("@e", id)) is not null;

    private void EditField(Thing thing, Node node, string id, string field)
    {
        var before = node.Tracker.Find(id)!;
        var token = NextToken(field[..1]);
        var adds = field == "description" && dice.Next(3) == 0;
        var at = node.Tracker.Edit(id, field, entity => field == "summary"
            ? entity with { Summary = $"{token} of {node.Name}" }
            : entity with { Description = node.Tracker.Normalise(adds ? entity.Description.Append([.. Document(token).Blocks]) : Document(token), RichTextPlace.Description) });
        if (!adds)
        {
            foreach (var seen in Tokens(field == "summary" ? before.Summary : before.Description.ToPlainText()))
                texts[seen].SeenAndReplaced = true;
        }

        Wrote(node, thing, field, token, at);
        Tell($"{node.Name}: {field} of {id} {(adds ? "gets" : "is")} {token}");
    }

    /// <summary>A person saves in the moment between the node's read and its write.</summary>
    private void EditInTheWindow(Node node, string id)
    {
        if (things.FirstOrDefault(thing => thing.Entities.GetValueOrDefault(node.Name) == id) is not { } thing || thing.Deleted.Contains(node.Name))
            return;
        var field = dice.Next(2) == 0 ? "summary" : "description";
        EditField(thing, node, id, field);
        texts.Values.Last().InTheWindow = true;
        Tell("  (between a read and a write of the node)");
    }

    private void ChangeComment(Thing thing, Node node, string id)
    {
        var own = thing.Comments.Where(comment => comment.Node == node.Name && comment.Token is not null).ToList();
        if (own.Count == 0)
            return;
        var chosen = own[dice.Next(own.Count)];
        if (dice.Next(2) == 0)
        {
            chosen.Token = NextToken("c");
            node.Tracker.EditComment(id, chosen.Id, Document(chosen.Token));
            Tell($"{node.Name}: comment {chosen.Id} becomes {chosen.Token}");
        }
        else
        {
            chosen.Token = null;
            node.Tracker.RemoveComment(id, chosen.Id);
            Tell($"{node.Name}: comment {chosen.Id} is removed");
        }
    }

    private void RemoveFile(Thing thing, Node node, string id)
    {
        // Of the copies those that the node knows: one that is removed before it knew of it looks like one that was never made.
        var files = node.Tracker.Find(id)!.Attachments.Where(file => thing.FileHomes[file.FileName] == node.Name
            || Scalar<string>(node, "SELECT Id FROM Traces WHERE Kind = 'Attachment' AND IsCopyHere AND LocalId = @f", ("@f", file.Id)) is not null).ToList();
        if (files.Count == 0)
            return;
        var file = files[dice.Next(files.Count)];
        thing.Files[file.FileName] = false;
        node.Tracker.RemoveAttachment(id, file.Id);
        Tell($"{node.Name}: the file {file.FileName} is removed{(thing.FileHomes[file.FileName] == node.Name ? "" : " (a copy)")}");
    }

    private void TamperWithCopy(Thing thing, Node node, string id)
    {
        var copies = node.Tracker.Find(id)!.Comments.Where(comment => comment.AuthorId == SimTracker.Account).ToList();
        if (copies.Count == 0)
            return;
        var copy = copies[dice.Next(copies.Count)];
        foreach (var comment in thing.Comments.Where(comment => comment.Token is not null && Tokens(copy.Body.ToPlainText()).Contains(comment.Token)))
            comment.TamperedWith = true;
        // Only a copy of a text that has changed since is not found by its token: whatever it stands for is tampered with.
        thing.HasTamperedCopies = true;
        if (dice.Next(2) == 0)
            node.Tracker.EditComment(id, copy.Id, Document("x" + NextToken("x")));
        else
            node.Tracker.RemoveComment(id, copy.Id);
        Tell($"{node.Name}: somebody changes or removes the copy {copy.Id}");
    }

    /// <summary>What came from one partner is brought under sync with another.</summary>
    private void BringFurther(Thing thing, Node node, string id)
    {
        var others = node.Connections.Keys.Where(other => !thing.Entities.ContainsKey(other) && !thing.Pairs.Contains((node.Name, other)) && !thing.Pairs.Contains((other, node.Name))).ToList();
        if (others.Count > 0)
            Exalate(thing, node, Named(others[dice.Next(others.Count)]), node.Tracker.Find(id)!.Key);
    }

    private void Wrote(Node node, Thing thing, string field, string token, DateTimeOffset? at = null) =>
        texts[token] = new PersonsText(node.Name, thing, field, token, at ?? time.GetUtcNow());

    private string NextToken(string kind) => $"{kind}{++counter}z";

    /// <summary>A token in one of several forms that vendors write differently.</summary>
    private RichDocument Document(string token) => dice.Next(4) switch
    {
        // What not every vendor can write: what stands there afterwards is not what was sent.
        _ when fate.LosesAnswers && fateDice.Next(2) == 0 => new RichDocument(new RichBlock[] { new Heading(fateDice.Next(3, 7), Inline($"{token} deep", MarkStyle.None)), new Paragraph(Inline("below", MarkStyle.Bold)) }),
        0 => RichDocument.FromPlainText($"{token} text"),
        1 => RichDocument.FromPlainText($"{token} one\n\ntwo paragraphs"),
        2 => new RichDocument(new RichBlock[] { new Heading(dice.Next(1, 5), Inline("Title", MarkStyle.None)), new Paragraph(Inline($"{token} bold", MarkStyle.Bold)) }),
        _ => new RichDocument(new RichBlock[] { new Paragraph(Inline($"{token} code", MarkStyle.Code)), new Quote(new RichBlock[] { new Paragraph(Inline("said", MarkStyle.Italic)) }.ToNodeList()) }),
    };

    private static NodeList<RichInline> Inline(string text, MarkStyle style) => new RichInline[] { new TextRun(text, style) }.ToNodeList();

    private static List<string> Tokens(string text) => [.. Token().Matches(text).Select(match => match.Value)];

    private static long Number(string token) => long.Parse(token[1..^1], CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b[sdcf]\d+z\b")]
    private static partial Regex Token();

    /// <summary>One entity and its copies.</summary>
    private sealed class Thing
    {
        /// <summary>Entity id by node.</summary>
        public Dictionary<string, string> Entities { get; } = [];

        public List<(string From, string To)> Pairs { get; } = [];

        public HashSet<string> Deleted { get; } = [];

        public List<PersonsComment> Comments { get; } = [];

        public bool HasTamperedCopies { get; set; }

        /// <summary>Whether a file is still wanted, by name.</summary>
        public Dictionary<string, bool> Files { get; } = [];

        /// <summary>The node where a person attached it, by name.</summary>
        public Dictionary<string, string> FileHomes { get; } = [];
    }

    private sealed record PersonsComment(string Node, string Id)
    {
        /// <summary>What it says now; null: removed.</summary>
        public string? Token { get; set; }

        public bool TamperedWith { get; set; }
    }

    private sealed record PersonsText(string Node, Thing Thing, string Field, string Token, DateTimeOffset At)
    {
        /// <summary>A person had it before the eyes and wrote something else in its place.</summary>
        public bool SeenAndReplaced { get; set; }

        public bool InTheWindow { get; set; }

        public bool MayBeInTheWindow { get; set; }
    }
}
