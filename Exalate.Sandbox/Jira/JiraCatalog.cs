namespace Exalate.Sandbox.Jira;

internal sealed record JiraIssueType(string Id, string Name, string Description, int Level)
{
    public bool IsSubtask => Level < 0;
}

internal sealed record JiraStatus(string Id, string Name, JiraStatusCategory Category);

internal sealed record JiraStatusCategory(int Id, string Key, string Name, string Color);

internal sealed record JiraPriority(string Id, string Name, string Color);

internal sealed record JiraTransition(string Id, string Name, JiraStatus To);

internal sealed record JiraLinkType(string Id, string Name, string Inward, string Outward);

/// <param name="Type">As in a field's schema: string, date, array, user ...</param>
internal sealed record JiraField(string Id, string Name, string Type)
{
    public string? Items { get; init; }

    public string? Custom { get; init; }

    public bool Editable { get; init; }

    /// <summary>Part of *navigable.</summary>
    public bool Navigable { get; init; } = true;

    public bool IsRichText { get; init; }

    public bool IsCustom => Custom is not null;
}

/// <summary>What every site of the sandbox has: types, statuses, priorities, workflow, fields.</summary>
internal static class JiraCatalog
{
    public const string ToDo = "10000";
    public const string Done = "10002";

    public static readonly JiraStatusCategory New = new(2, "new", "To Do", "blue-gray");
    public static readonly JiraStatusCategory Indeterminate = new(4, "indeterminate", "In Progress", "yellow");
    public static readonly JiraStatusCategory Finished = new(3, "done", "Done", "green");

    public static readonly IReadOnlyList<JiraIssueType> Types =
    [
        new("10000", "Epic", "A big piece of work that holds others.", 1),
        new("10001", "Story", "Something a user wants.", 0),
        new("10002", "Task", "A small, distinct piece of work.", 0),
        new("10003", "Bug", "A problem or error.", 0),
        new("10004", "Sub-task", "A part of a larger task.", -1),
        new("10005", "Incident", "Something that is down or degraded.", 0),
    ];

    public static readonly IReadOnlyList<JiraStatus> Statuses =
    [
        new(ToDo, "To Do", New),
        new("10001", "In Progress", Indeterminate),
        new(Done, "Done", Finished),
    ];

    public static readonly IReadOnlyList<JiraTransition> Transitions =
    [
        new("11", "To Do", Statuses[0]),
        new("21", "In Progress", Statuses[1]),
        new("31", "Done", Statuses[2]),
    ];

    public static readonly IReadOnlyList<JiraPriority> Priorities =
    [
        new("1", "Highest", "#d04437"),
        new("2", "High", "#f15C75"),
        new("3", "Medium", "#f79232"),
        new("4", "Low", "#707070"),
        new("5", "Lowest", "#999999"),
    ];

    public static readonly IReadOnlyList<JiraLinkType> LinkTypes =
    [
        new("10000", "Blocks", "is blocked by", "blocks"),
        new("10001", "Cloners", "is cloned by", "clones"),
        new("10002", "Duplicate", "is duplicated by", "duplicates"),
        new("10003", "Relates", "relates to", "relates to"),
    ];

    public static readonly IReadOnlyList<string> Permissions =
    [
        "BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "DELETE_ISSUES", "TRANSITION_ISSUES", "ASSIGN_ISSUES", "ASSIGNABLE_USER",
        "ADD_COMMENTS", "EDIT_OWN_COMMENTS", "EDIT_ALL_COMMENTS", "DELETE_OWN_COMMENTS", "DELETE_ALL_COMMENTS", "CREATE_ATTACHMENTS",
        "DELETE_OWN_ATTACHMENTS", "DELETE_ALL_ATTACHMENTS", "LINK_ISSUES", "MOVE_ISSUES", "SCHEDULE_ISSUES", "MODIFY_REPORTER",
        "RESOLVE_ISSUES", "CLOSE_ISSUES", "WORK_ON_ISSUES", "ADMINISTER_PROJECTS", "ADMINISTER", "SYSTEM_ADMIN", "BULK_CHANGE",
        "USER_PICKER", "VIEW_WORKFLOW_READONLY", "MANAGE_WATCHERS", "VIEW_VOTERS_AND_WATCHERS",
    ];

    public static readonly IReadOnlyList<JiraField> Fields =
    [
        new("summary", "Summary", "string") { Editable = true },
        new("description", "Description", "string") { Editable = true, IsRichText = true },
        new("environment", "Environment", "string") { Editable = true, IsRichText = true },
        new("issuetype", "Issue Type", "issuetype") { Editable = true },
        new("project", "Project", "project"),
        new("status", "Status", "status"),
        new("priority", "Priority", "priority") { Editable = true },
        new("labels", "Labels", "array") { Items = "string", Editable = true },
        new("assignee", "Assignee", "user") { Editable = true },
        new("reporter", "Reporter", "user") { Editable = true },
        new("creator", "Creator", "user"),
        new("created", "Created", "datetime"),
        new("updated", "Updated", "datetime"),
        new("duedate", "Due date", "date") { Editable = true },
        new("parent", "Parent", "issuelink") { Editable = true },
        new("resolution", "Resolution", "resolution"),
        new("resolutiondate", "Resolved", "datetime"),
        new("subtasks", "Sub-tasks", "array") { Items = "issuelinks" },
        new("issuelinks", "Linked Issues", "array") { Items = "issuelinks" },
        new("attachment", "Attachment", "array") { Items = "attachment", Navigable = false },
        new("comment", "Comment", "comments-page") { Navigable = false },
        new("components", "Components", "array") { Items = "component" },
        new("fixVersions", "Fix versions", "array") { Items = "version" },
        new("versions", "Affects versions", "array") { Items = "version" },
        new("watches", "Watchers", "watches"),
        new("votes", "Votes", "votes"),
        new("customfield_10016", "Story point estimate", "number")
            { Editable = true, Custom = "com.pyxis.greenhopper.jira:jsw-story-points" },
        new("customfield_10020", "Customer reference", "string")
            { Editable = true, Custom = "com.atlassian.jira.plugin.system.customfieldtypes:textfield" },
        new("customfield_10021", "Root cause", "string")
            { Editable = true, IsRichText = true, Custom = "com.atlassian.jira.plugin.system.customfieldtypes:textarea" },
    ];

    public static JiraIssueType Type(string id) => Types.First(type => type.Id == id);

    public static JiraStatus Status(string id) => Statuses.First(status => status.Id == id);

    public static JiraPriority Priority(string id) => Priorities.First(priority => priority.Id == id);

    public static JiraField? Field(string id) => Fields.FirstOrDefault(field => field.Id == id);
}
