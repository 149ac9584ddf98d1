namespace Exalate.Sandbox.Jira.Jql;

internal sealed class JqlParser(List<JqlToken> tokens)
{
    private const int MaxDepth = 100;

    private int at;
    private int depth;

    private JqlToken Current => tokens[at];

    public JqlQuery Query()
    {
        var where = Current.Kind == JqlTokenKind.End || Current.Is("ORDER") ? null : Or();
        var order = Order();
        if (Current.Kind != JqlTokenKind.End)
            throw Expecting("either 'OR' or 'AND'");
        return new JqlQuery(where, order);
    }

    private JqlNode Or()
    {
        if (++depth > MaxDepth)
            throw new JqlException("Error in the JQL Query: The query is nested too deeply.");
        var left = And();
        while (Take("OR"))
            left = new JqlOr(left, And());
        depth--;
        return left;
    }

    private JqlNode And()
    {
        var left = Not();
        while (Take("AND"))
            left = new JqlAnd(left, Not());
        return left;
    }

    private JqlNode Not()
    {
        if (Take("NOT"))
        {
            if (++depth > MaxDepth)
                throw new JqlException("Error in the JQL Query: The query is nested too deeply.");
            var inner = Not();
            depth--;
            return new JqlNot(inner);
        }

        if (Current.Kind != JqlTokenKind.Open)
            return Clause();
        at++;
        var group = Or();
        Require(JqlTokenKind.Close, "')'");
        return group;
    }

    private JqlClause Clause()
    {
        if (Current.Kind is not (JqlTokenKind.Word or JqlTokenKind.Quoted))
            throw Expecting("a field name");
        var field = tokens[at++].Text;
        var @operator = Operator();
        if (@operator is not ("in" or "not in"))
            return new JqlClause(field, @operator, [Value()]);
        if (Current.Kind != JqlTokenKind.Open)
        {
            var function = Value();
            return function.IsFunction ? new JqlClause(field, @operator, [function]) : throw Expecting("'('");
        }

        at++;
        var values = new List<JqlValue> { Value() };
        while (Current.Kind == JqlTokenKind.Comma)
        {
            at++;
            values.Add(Value());
        }

        Require(JqlTokenKind.Close, "')'");
        return new JqlClause(field, @operator, values);
    }

    private string Operator()
    {
        if (Current.Kind == JqlTokenKind.Operator)
            return tokens[at++].Text;
        if (Take("IN"))
            return "in";
        if (Take("IS"))
            return Take("NOT") ? "is not" : "is";
        if (Take("NOT"))
        {
            if (Take("IN"))
                return "not in";
        }

        throw Expecting("operator before the end of the query. The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'");
    }

    private JqlValue Value()
    {
        var token = Current;
        if (token.Kind is not (JqlTokenKind.Word or JqlTokenKind.Quoted))
            throw Expecting("either a value, list or function");
        at++;
        if (token.Kind == JqlTokenKind.Quoted || Current.Kind != JqlTokenKind.Open)
            return new JqlValue(token.Text, token.Kind == JqlTokenKind.Quoted);
        at++;
        var arguments = new List<string>();
        while (Current.Kind is JqlTokenKind.Word or JqlTokenKind.Quoted)
        {
            arguments.Add(tokens[at++].Text);
            if (Current.Kind == JqlTokenKind.Comma)
                at++;
        }

        Require(JqlTokenKind.Close, "')'");
        return new JqlValue(token.Text, IsQuoted: false) { Arguments = arguments };
    }

    private List<JqlOrder> Order()
    {
        var order = new List<JqlOrder>();
        if (!Take("ORDER"))
            return order;
        if (!Take("BY"))
            throw Expecting("'BY'");
        do
        {
            if (Current.Kind is not (JqlTokenKind.Word or JqlTokenKind.Quoted))
                throw Expecting("a field name");
            var field = tokens[at++].Text;
            var descending = Take("DESC");
            if (!descending)
                Take("ASC");
            order.Add(new JqlOrder(field, descending));
        }
        while (TakeComma());
        return order;
    }

    private bool TakeComma()
    {
        if (Current.Kind != JqlTokenKind.Comma)
            return false;
        at++;
        return true;
    }

    private bool Take(string keyword)
    {
        if (!Current.Is(keyword))
            return false;
        at++;
        return true;
    }

    private void Require(JqlTokenKind kind, string what)
    {
        if (Current.Kind != kind)
            throw Expecting(what);
        at++;
    }

    private JqlException Expecting(string what) => Current.Kind == JqlTokenKind.End
        ? new JqlException($"Error in the JQL Query: Expecting {what} but reached the end of the query.")
        : new JqlException($"Error in the JQL Query: Expecting {what} but got '{Current.Text}'. (line 1, character {Current.At})");
}
