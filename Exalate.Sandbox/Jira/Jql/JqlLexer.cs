using System.Text;

namespace Exalate.Sandbox.Jira.Jql;

internal enum JqlTokenKind
{
    Word,
    Quoted,
    Operator,
    Open,
    Close,
    Comma,
    End,
}

/// <param name="At">Position in the query, from 1.</param>
internal readonly record struct JqlToken(JqlTokenKind Kind, string Text, int At)
{
    public bool Is(string keyword) => Kind == JqlTokenKind.Word && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}

internal static class JqlLexer
{
    private const string Reserved = "{}*/%+^$#@?;";

    public static List<JqlToken> Read(string jql)
    {
        var tokens = new List<JqlToken>();
        for (var at = 0; at < jql.Length;)
        {
            var letter = jql[at];
            if (char.IsWhiteSpace(letter))
                at++;
            else if (letter is '"' or '\'')
                at = Quoted(jql, at, tokens);
            else if (letter is '(' or ')' or ',')
                tokens.Add(new JqlToken(letter == '(' ? JqlTokenKind.Open : letter == ')' ? JqlTokenKind.Close : JqlTokenKind.Comma, letter.ToString(), ++at));
            else if ("=!<>~&|".Contains(letter))
                at = Operator(jql, at, tokens);
            else if (Reserved.Contains(letter))
                throw new JqlException($"Error in the JQL Query: The character '{letter}' is a reserved JQL character. You must enclose it in a string or use the escape '\\u{(int)letter:x4}' instead. (line 1, character {at + 1})");
            else
                at = Word(jql, at, tokens);
        }

        tokens.Add(new JqlToken(JqlTokenKind.End, "", jql.Length + 1));
        return tokens;
    }

    private static int Quoted(string jql, int at, List<JqlToken> tokens)
    {
        var quote = jql[at];
        var text = new StringBuilder();
        for (var next = at + 1; next < jql.Length; next++)
        {
            if (jql[next] == quote)
            {
                tokens.Add(new JqlToken(JqlTokenKind.Quoted, text.ToString(), at + 1));
                return next + 1;
            }

            if (jql[next] == '\\' && next + 1 < jql.Length)
            {
                next++;
                text.Append(jql[next] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
            }
            else
            {
                text.Append(jql[next]);
            }
        }

        throw new JqlException($"Error in the JQL Query: The quoted string '{text}' has not been completed. (line 1, character {at + 1})");
    }

    private static int Operator(string jql, int at, List<JqlToken> tokens)
    {
        var two = at + 1 < jql.Length ? jql.Substring(at, 2) : "";
        var text = two is "!=" or "<=" or ">=" or "!~" or "&&" or "||" ? two : jql[at].ToString();
        tokens.Add(text switch
        {
            "&&" or "&" => new JqlToken(JqlTokenKind.Word, "AND", at + 1),
            "||" or "|" => new JqlToken(JqlTokenKind.Word, "OR", at + 1),
            "!" => new JqlToken(JqlTokenKind.Word, "NOT", at + 1),
            _ => new JqlToken(JqlTokenKind.Operator, text, at + 1),
        });
        return at + text.Length;
    }

    private static int Word(string jql, int at, List<JqlToken> tokens)
    {
        var end = at;
        while (end < jql.Length && !char.IsWhiteSpace(jql[end]) && !"()=!<>~,\"'&|".Contains(jql[end]))
            end++;
        tokens.Add(new JqlToken(JqlTokenKind.Word, jql[at..end], at + 1));
        return end;
    }
}
