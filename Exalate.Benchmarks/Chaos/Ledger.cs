using System.Text.RegularExpressions;
using Exalate.Benchmarks.Processes;

namespace Exalate.Benchmarks.Chaos;

/// <summary>One entity under sync, and what people did to it on both sides.</summary>
internal sealed class LedgerItem(int number, bool startedInJira, bool fieldsBelongToJira, bool isContested)
{
    public int Number => number;

    public bool StartedInJira => startedInJira;

    /// <summary>Who edits summary and description. One side alone, so that the last edit must stand on both in the end; a contested item's are edited by both.</summary>
    public bool FieldsBelongToJira => fieldsBelongToJira;

    public bool IsContested => isContested;

    /// <summary>Id in each tracker; null until the copy is known.</summary>
    public string? IssueId { get; set; }

    public string? TaskId { get; set; }

    /// <summary>Stands in the summary on both sides. Example: "[E7]".</summary>
    public string Tag => $"[E{number}]";

    /// <summary>Number of the last edit of each field.</summary>
    public int Summary { get; set; }

    public int Text { get; set; }

    public List<int> Comments { get; } = [];

    public Dictionary<string, long> Files { get; } = [];
}

/// <summary>What is missing, there twice, or different on the two sides; a sentence each.</summary>
internal sealed record Findings(IReadOnlyList<string> Lost, IReadOnlyList<string> Doubled, IReadOnlyList<string> Diverged);

/// <summary>Compares what people did with what stands in the trackers.</summary>
internal static partial class Ledger
{
    public static string SummaryOf(LedgerItem item, int edit) => $"{item.Tag} summary s{edit}";

    public static string TextOf(LedgerItem item, int edit) => $"Description d{edit} of E{item.Number}.";

    public static string CommentOf(int edit) => $"Comment c{edit} said.";

    public static Findings Compare(IReadOnlyList<LedgerItem> items, IReadOnlyList<Standing> issues, IReadOnlyList<Standing> tasks)
    {
        var (lost, doubled, diverged) = (new List<string>(), new List<string>(), new List<string>());
        var (inJira, inAsana) = (ByTag(issues), ByTag(tasks));
        foreach (var item in items)
        {
            var (left, right) = (inJira.GetValueOrDefault(item.Tag, []), inAsana.GetValueOrDefault(item.Tag, []));
            if (left.Count > 1 || right.Count > 1)
                doubled.Add($"{item.Tag} stands {left.Count} times in Jira, {right.Count} times in Asana");
            if (left.Count == 0 || right.Count == 0)
            {
                lost.Add($"{item.Tag} is missing in {(left.Count == 0 ? "Jira" : "Asana")}");
                continue;
            }

            CompareFields(item, left[0], right[0], lost, diverged);
            foreach (var (tracker, standing) in new[] { ("Jira", left[0]), ("Asana", right[0]) })
                CompareParts(item, tracker, standing, lost, doubled);
        }

        return new Findings(lost, doubled, diverged);
    }

    private static void CompareFields(LedgerItem item, Standing left, Standing right, List<string> lost, List<string> diverged)
    {
        var fields = new[]
        {
            ("summary", SummaryEdit().Match(left.Summary).Value, SummaryEdit().Match(right.Summary).Value, $"s{item.Summary}"),
            ("description", TextEdit().Match(left.Text).Value, TextEdit().Match(right.Text).Value, $"d{item.Text}"),
        };
        foreach (var (field, here, there, last) in fields)
        {
            if (here != there)
                diverged.Add($"the {field} of {item.Tag} is {here} in Jira and {there} in Asana; the last edit was {last}");
            else if (!item.IsContested && here != last)
                lost.Add($"the last edit {last} of the {field} of {item.Tag}: {here} stands on both sides");
        }
    }

    private static void CompareParts(LedgerItem item, string tracker, Standing standing, List<string> lost, List<string> doubled)
    {
        foreach (var comment in item.Comments)
            Count($"comment c{comment} of {item.Tag}", standing.Comments.Count(text => CommentEdit().Matches(text).Any(match => match.Value == $"c{comment}")));
        foreach (var (name, size) in item.Files)
            Count($"file {name} ({size} bytes) of {item.Tag}", standing.Files.Count(file => file.Name == name && file.Size == size));

        void Count(string what, int found)
        {
            if (found == 0)
                lost.Add($"{what} is missing in {tracker}");
            else if (found > 1)
                doubled.Add($"{what} stands {found} times in {tracker}");
        }
    }

    private static Dictionary<string, List<Standing>> ByTag(IReadOnlyList<Standing> all) =>
        all.GroupBy(standing => Tag().Match(standing.Summary).Value).ToDictionary(group => group.Key, group => group.ToList());

    [GeneratedRegex(@"\[E\d+\]")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\bs\d+\b")]
    private static partial Regex SummaryEdit();

    [GeneratedRegex(@"\bd\d+\b")]
    private static partial Regex TextEdit();

    [GeneratedRegex(@"\bc\d+\b")]
    private static partial Regex CommentEdit();
}
