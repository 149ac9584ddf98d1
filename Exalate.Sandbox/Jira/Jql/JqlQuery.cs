namespace Exalate.Sandbox.Jira.Jql;

internal abstract record JqlNode;

internal sealed record JqlAnd(JqlNode Left, JqlNode Right) : JqlNode;

internal sealed record JqlOr(JqlNode Left, JqlNode Right) : JqlNode;

internal sealed record JqlNot(JqlNode Inner) : JqlNode;

/// <param name="Operator">One of = != > >= &lt; &lt;= ~ !~ in, not in, is, is not.</param>
internal sealed record JqlClause(string Field, string Operator, IReadOnlyList<JqlValue> Values) : JqlNode;

/// <param name="IsQuoted">A number in quotes is a text, without them a number.</param>
internal sealed record JqlValue(string Text, bool IsQuoted)
{
    /// <summary>Name and arguments: currentUser(), startOfDay("-1d").</summary>
    public IReadOnlyList<string>? Arguments { get; init; }

    public bool IsFunction => Arguments is not null;

    public bool IsEmpty => !IsQuoted && !IsFunction
        && (Text.Equals("EMPTY", StringComparison.OrdinalIgnoreCase) || Text.Equals("NULL", StringComparison.OrdinalIgnoreCase));
}

internal sealed record JqlOrder(string Field, bool Descending);

/// <summary>A parsed query. The small part of JQL that syncing needs; the rest is refused, never guessed.</summary>
/// <param name="Where">Null: no restriction at all.</param>
internal sealed record JqlQuery(JqlNode? Where, IReadOnlyList<JqlOrder> Order)
{
    /// <exception cref="JqlException">Not JQL.</exception>
    public static JqlQuery Parse(string? jql) => new JqlParser(JqlLexer.Read(jql ?? "")).Query();

    /// <exception cref="JqlException">It names a field or a value that does not exist.</exception>
    public Func<JiraIssue, bool> Compile(JqlContext context) => Where is null ? _ => true : JqlCompiler.Compile(Where, context);
}

/// <summary>Whose query it is.</summary>
internal sealed record JqlContext(JiraState State, JiraUser? Caller);
