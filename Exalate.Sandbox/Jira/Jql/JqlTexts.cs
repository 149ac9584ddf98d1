using System.Text.RegularExpressions;
using Exalate.Sandbox.Jira.Documents;

namespace Exalate.Sandbox.Jira.Jql;

/// <summary>Full text clauses: every word must occur, a trailing * matches beginnings.</summary>
internal static partial class JqlTexts
{
    public static Func<JiraIssue, bool> Compile(JqlClause clause, JqlContext context)
    {
        var texts = Reader(clause.Field.ToLowerInvariant(), context.State);
        if (clause.Operator is "is" or "is not" && clause.Values[0].IsEmpty)
            return issue => texts(issue).All(string.IsNullOrEmpty) == (clause.Operator == "is");
        if (clause.Operator is not ("~" or "!~"))
            throw JqlCompiler.Unsupported(clause);
        var wanted = Wanted().Matches(clause.Values[0].Text).Select(match => match.Value).ToList();
        if (wanted.Count == 0)
            throw new JqlException($"The value '{clause.Values[0].Text}' is not valid for field '{clause.Field}'.");
        bool Found(JiraIssue issue)
        {
            var words = texts(issue).SelectMany(text => Word().Matches(text ?? "").Select(match => match.Value)).ToList();
            return wanted.All(word => words.Exists(one => Fits(one, word)));
        }

        return clause.Operator == "~" ? Found : issue => !Found(issue);
    }

    private static bool Fits(string word, string wanted) => wanted.EndsWith('*')
        ? word.StartsWith(wanted[..^1], StringComparison.OrdinalIgnoreCase)
        : word.Equals(wanted, StringComparison.OrdinalIgnoreCase);

    private static Func<JiraIssue, IEnumerable<string?>> Reader(string field, JiraState state) => field switch
    {
        "summary" => issue => [issue.Summary],
        "description" => issue => [AdfWiki.Write(issue.Description)],
        "environment" => issue => [AdfWiki.Write(issue.Environment)],
        "comment" => issue => state.CommentsOf[issue.Id].Select(comment => AdfWiki.Write(comment.Body)),
        _ => issue => [
            issue.Summary, AdfWiki.Write(issue.Description), AdfWiki.Write(issue.Environment),
            .. state.CommentsOf[issue.Id].Select(comment => AdfWiki.Write(comment.Body))],
    };

    [GeneratedRegex(@"[\p{L}\p{N}_]+\*?")]
    private static partial Regex Wanted();

    [GeneratedRegex(@"[\p{L}\p{N}_]+")]
    private static partial Regex Word();
}
