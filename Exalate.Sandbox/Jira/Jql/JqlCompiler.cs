namespace Exalate.Sandbox.Jira.Jql;

/// <summary>Turns a query into a predicate; refuses unknown fields and values the way Jira does.</summary>
internal static class JqlCompiler
{
    public static Func<JiraIssue, bool> Compile(JqlNode node, JqlContext context)
    {
        switch (node)
        {
            case JqlAnd and:
                var (first, second) = (Compile(and.Left, context), Compile(and.Right, context));
                return issue => first(issue) && second(issue);
            case JqlOr or:
                var (one, other) = (Compile(or.Left, context), Compile(or.Right, context));
                return issue => one(issue) || other(issue);
            case JqlNot not:
                var inner = Compile(not.Inner, context);
                return issue => !inner(issue);
            default:
                return Clause((JqlClause)node, context);
        }
    }

    private static Func<JiraIssue, bool> Clause(JqlClause clause, JqlContext context)
    {
        var field = clause.Field.ToLowerInvariant();
        return field switch
        {
            "summary" or "description" or "environment" or "comment" or "text" => JqlTexts.Compile(clause, context),
            "created" or "createddate" => JqlDates.Compile(clause, context, issue => issue.Created),
            "updated" or "updateddate" => JqlDates.Compile(clause, context, issue => issue.Updated),
            "resolved" or "resolutiondate" => JqlDates.Compile(clause, context, issue => issue.Resolved),
            "due" or "duedate" => JqlDates.CompileDay(clause, context, issue => issue.DueDate),
            "id" or "key" or "issue" or "issuekey" => Issues(clause, context.State),
            "parent" => Parents(clause, context.State),
            _ => Keywords(clause, field, context),
        };
    }

    /// <summary>Fields that hold one or more of a set of known values.</summary>
    private static Func<JiraIssue, bool> Keywords(JqlClause clause, string field, JqlContext context)
    {
        var state = context.State;
        return field switch
        {
            "project" => Match(clause, value => [ProjectId(clause, value, state)], issue => [issue.ProjectId.ToString()]),
            "issuetype" or "type" => Match(clause, value => [TypeId(clause, value)], issue => [issue.TypeId]),
            "status" => Match(clause, value => [StatusId(clause, value)], issue => [issue.StatusId]),
            "statuscategory" => Match(clause, value => [Category(clause, value)], issue => [JiraCatalog.Status(issue.StatusId).Category.Key]),
            "priority" => Match(clause, value => [PriorityId(clause, value)], issue => [issue.PriorityId]),
            "resolution" => Match(clause, value => [value.Text], issue => issue.Resolved is null ? ["", "Unresolved"] : ["Done"]),
            "labels" => Match(clause, value => [value.Text], issue => issue.Labels.Count == 0 ? [""] : issue.Labels),
            "creator" => Match(clause, value => [AccountId(clause, value, context)], issue => [issue.CreatorId]),
            "reporter" => Match(clause, value => [AccountId(clause, value, context)], issue => [issue.ReporterId]),
            "assignee" => Match(clause, value => [AccountId(clause, value, context)], issue => [issue.AssigneeId]),
            _ => throw new JqlException($"Field '{clause.Field}' does not exist or you do not have permission to view it."),
        };
    }

    private static Func<JiraIssue, bool> Match(
        JqlClause clause, Func<JqlValue, IEnumerable<string>> resolve, Func<JiraIssue, IEnumerable<string?>> actual)
    {
        // An empty field counts as the empty text here.
        var wanted = clause.Values.SelectMany(value => value.IsEmpty ? [""] : resolve(value)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        bool IsWanted(string? value) => wanted.Contains(value ?? "");
        return clause.Operator switch
        {
            "=" or "in" or "is" => issue => actual(issue).Any(IsWanted),
            // As in Jira: an empty field is in neither "=" nor "!=".
            "!=" or "not in" => issue => actual(issue).ToList() is var values && !values.Any(IsWanted) && values.Any(value => !string.IsNullOrEmpty(value)),
            "is not" => issue => !actual(issue).Any(IsWanted),
            _ => throw Unsupported(clause),
        };
    }

    private static Func<JiraIssue, bool> Issues(JqlClause clause, JiraState state)
    {
        var found = clause.Values.Select(value => state.FindIssue(value.Text)
            ?? throw new JqlException($"An issue with key '{value.Text}' does not exist for field '{clause.Field}'.")).ToList();
        var ids = found.Select(issue => issue.Id).ToHashSet();
        var only = found[0];
        return clause.Operator switch
        {
            "=" or "in" => issue => ids.Contains(issue.Id),
            "!=" or "not in" => issue => !ids.Contains(issue.Id),
            ">" => issue => issue.ProjectId == only.ProjectId && issue.Id > only.Id,
            ">=" => issue => issue.ProjectId == only.ProjectId && issue.Id >= only.Id,
            "<" => issue => issue.ProjectId == only.ProjectId && issue.Id < only.Id,
            "<=" => issue => issue.ProjectId == only.ProjectId && issue.Id <= only.Id,
            _ => throw Unsupported(clause),
        };
    }

    private static Func<JiraIssue, bool> Parents(JqlClause clause, JiraState state) =>
        Match(clause, value => [(state.FindIssue(value.Text) ?? throw NoValue(clause, value)).Id.ToString()], issue => [issue.ParentId?.ToString()]);

    private static string ProjectId(JqlClause clause, JqlValue value, JiraState state) =>
        (state.FindProject(value.Text)
            ?? state.Projects.All.FirstOrDefault(one => one.Name.Equals(value.Text, StringComparison.OrdinalIgnoreCase))
            ?? throw NoValue(clause, value)).Id.ToString();

    private static string TypeId(JqlClause clause, JqlValue value) =>
        (JiraCatalog.Types.FirstOrDefault(one => one.Id == value.Text || Same(one.Name, value)) ?? throw NoValue(clause, value)).Id;

    private static string StatusId(JqlClause clause, JqlValue value) =>
        (JiraCatalog.Statuses.FirstOrDefault(one => one.Id == value.Text || Same(one.Name, value)) ?? throw NoValue(clause, value)).Id;

    private static string Category(JqlClause clause, JqlValue value) =>
        (JiraCatalog.Statuses.Select(one => one.Category)
            .FirstOrDefault(one => Same(one.Name, value) || Same(one.Key, value) || one.Id.ToString() == value.Text) ?? throw NoValue(clause, value)).Key;

    private static string PriorityId(JqlClause clause, JqlValue value) =>
        (JiraCatalog.Priorities.FirstOrDefault(one => one.Id == value.Text || Same(one.Name, value)) ?? throw NoValue(clause, value)).Id;

    private static string AccountId(JqlClause clause, JqlValue value, JqlContext context)
    {
        if (value.IsFunction)
        {
            return value.Text.Equals("currentUser", StringComparison.OrdinalIgnoreCase)
                ? context.Caller?.AccountId ?? ""
                : throw NoFunction(value);
        }

        return (context.State.FindUser(value.Text)
            ?? context.State.Users.All.FirstOrDefault(user => Same(user.DisplayName, value) || Same(user.Email, value))
            ?? throw NoValue(clause, value)).AccountId;
    }

    private static bool Same(string name, JqlValue value) => name.Equals(value.Text, StringComparison.OrdinalIgnoreCase);

    private static JqlException NoValue(JqlClause clause, JqlValue value) =>
        new($"The value '{value.Text}' does not exist for the field '{clause.Field}'.");

    internal static JqlException NoFunction(JqlValue value) => new($"Unable to find JQL function '{value.Text}({string.Join(", ", value.Arguments ?? [])})'.");

    internal static JqlException Unsupported(JqlClause clause) =>
        new($"The operator '{clause.Operator}' is not supported by the '{clause.Field}' field.");
}
