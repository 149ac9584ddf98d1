using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira.Jql;

/// <param name="NextToken">Null on the last page.</param>
internal sealed record JqlPage(IReadOnlyList<JiraIssue> Issues, string? NextToken);

/// <summary>
/// Runs a query over the search index. Pages continue behind the last issue handed out, by its sort values: what changes meanwhile
/// never makes an unchanged issue fall between two pages.
/// </summary>
internal static class JqlSearch
{
    /// <exception cref="JqlException">Unbounded, or it names what does not exist.</exception>
    public static JqlPage Run(JiraState state, JiraUser? caller, string? jql, IReadOnlyCollection<long> reconcile, string? token, int size)
    {
        var query = JqlQuery.Parse(jql);
        if (query.Where is null)
            throw new JqlException("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.");
        var matches = query.Compile(new JqlContext(state, caller));
        var order = new IssueOrder(state, query.Order);
        if (caller is null)
            return new JqlPage([], null);
        var found = Candidates(state, reconcile).Where(matches).Select(issue => (Key: order.KeyOf(issue), Issue: issue)).ToList();
        if (token is not null)
        {
            var mark = ReadToken(token, jql);
            found.RemoveAll(one => order.Compare(one.Key, mark) <= 0);
        }

        found.Sort((left, right) => order.Compare(left.Key, right.Key));
        var page = found.Take(size).ToList();
        return new JqlPage([.. page.Select(one => one.Issue)], found.Count > size ? WriteToken(page[^1].Key, jql) : null);
    }

    /// <exception cref="JqlException">Unbounded, or it names what does not exist.</exception>
    public static int Count(JiraState state, JiraUser? caller, string? jql) => Run(state, caller, jql, [], null, int.MaxValue).Issues.Count;

    private static IEnumerable<JiraIssue> Candidates(JiraState state, IReadOnlyCollection<long> reconcile)
    {
        if (reconcile.Count == 0)
            return state.SearchIndex.All;
        // Read-after-write for these, whatever the index says.
        return state.SearchIndex.All.Where(issue => !reconcile.Contains(issue.Id))
            .Concat(reconcile.Distinct().Select(state.Issues.Find).OfType<JiraIssue>());
    }

    private static string WriteToken(object[] key, string? jql) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonText.Write(new JsonObject
        {
            ["q"] = Hash(jql),
            ["k"] = key.Select(value => value is long number ? JsonValue.Create(number) : (JsonNode)value.ToString()!).ToJson(),
        })));

    private static object[] ReadToken(string token, string? jql)
    {
        try
        {
            var json = JsonText.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(token)));
            if (json.Get("q").Text() == Hash(jql) && json.Get("k") is JsonArray key)
                return [.. key.Select(one => one is JsonValue value && value.TryGetValue(out long number) ? (object)number : one.Text() ?? "")];
        }
        catch (Exception problem) when (problem is FormatException or JsonException)
        {
            // Falls through: not one of ours.
        }

        throw new JqlException("The provided next page token is invalid or does not belong to this query.");
    }

    private static string Hash(string? jql) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(jql ?? "")))[..12];

    private sealed class IssueOrder
    {
        private readonly List<(Func<JiraIssue, object> Value, bool Descending)> terms;

        public IssueOrder(JiraState state, IReadOnlyList<JqlOrder> order)
        {
            terms = [.. order.Select(term => (Term(state, term.Field), term.Descending))];
            // Jira's own default: newest first.
            if (terms.Count == 0)
                terms.Add((issue => issue.Created.ToUnixTimeMilliseconds(), true));
            terms.Add((issue => issue.Id, terms[^1].Descending));
        }

        public object[] KeyOf(JiraIssue issue) => [.. terms.Select(term => term.Value(issue))];

        public int Compare(object[] left, object[] right)
        {
            for (var index = 0; index < Math.Min(left.Length, right.Length); index++)
            {
                var sign = left[index] is long a && right[index] is long b
                    ? a.CompareTo(b)
                    : string.Compare(left[index].ToString(), right[index].ToString(), StringComparison.OrdinalIgnoreCase);
                if (sign != 0)
                    return terms[index].Descending ? -sign : sign;
            }

            return 0;
        }

        private static Func<JiraIssue, object> Term(JiraState state, string field) => field.ToLowerInvariant() switch
        {
            "created" or "createddate" => issue => issue.Created.ToUnixTimeMilliseconds(),
            "updated" or "updateddate" => issue => issue.Updated.ToUnixTimeMilliseconds(),
            "resolutiondate" or "resolved" => issue => issue.Resolved?.ToUnixTimeMilliseconds() ?? 0,
            "id" => issue => issue.Id,
            "key" or "issuekey" or "issue" => issue => KeyText(issue),
            "project" => issue => state.ProjectOf(issue).Key,
            "summary" => issue => issue.Summary,
            "status" => issue => issue.StatusId,
            "priority" => issue => issue.PriorityId,
            "issuetype" or "type" => issue => JiraCatalog.Type(issue.TypeId).Name,
            "assignee" => issue => state.FindUser(issue.AssigneeId)?.DisplayName ?? "",
            "reporter" => issue => state.FindUser(issue.ReporterId)?.DisplayName ?? "",
            "duedate" or "due" => issue => issue.DueDate ?? "",
            _ => throw new JqlException($"Field '{field}' does not exist or you do not have permission to view it."),
        };

        /// <summary>TEST-9 comes before TEST-10.</summary>
        private static string KeyText(JiraIssue issue)
        {
            var dash = issue.Key.LastIndexOf('-');
            return issue.Key[..(dash + 1)] + issue.Key[(dash + 1)..].PadLeft(10, '0');
        }
    }
}
