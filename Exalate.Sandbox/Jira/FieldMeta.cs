using System.Text.Json.Nodes;

namespace Exalate.Sandbox.Jira;

/// <summary>What Jira says about fields: their schema, create and edit screens, transitions.</summary>
internal static class FieldMeta
{
    public static JsonObject Schema(JiraField field)
    {
        var json = new JsonObject { ["type"] = field.Type };
        if (field.Items is not null)
            json["items"] = field.Items;
        if (field.Custom is null)
        {
            json["system"] = field.Id;
        }
        else
        {
            json["custom"] = field.Custom;
            json["customId"] = int.Parse(field.Id.AsSpan(field.Id.IndexOf('_') + 1));
        }

        return json;
    }

    /// <summary>As in /field.</summary>
    public static JsonObject Details(JiraField field) => new()
    {
        ["id"] = field.Id,
        ["key"] = field.Id,
        ["name"] = field.Name,
        ["custom"] = field.IsCustom,
        ["orderable"] = field.Editable,
        ["navigable"] = field.Navigable,
        ["searchable"] = true,
        ["clauseNames"] = field.Custom is null
            ? new JsonArray(field.Id)
            : new JsonArray($"cf[{field.Id[(field.Id.IndexOf('_') + 1)..]}]", field.Name),
        ["schema"] = Schema(field),
    };

    /// <summary>As on the create screen of a type.</summary>
    public static IEnumerable<JsonObject> CreateFields(JiraView view, JiraProject project, JiraIssueType type)
    {
        foreach (var field in JiraCatalog.Fields.Where(one => one.Editable || one.Id == "project"))
        {
            var required = field.Id is "summary" or "issuetype" or "project" || (field.Id == "parent" && type.IsSubtask);
            var json = Meta(view, field, required);
            json["fieldId"] = field.Id;
            if (field.Id == "project")
                json["allowedValues"] = new JsonArray(view.Project(project, details: false));
            if (field.Id == "issuetype")
                json["allowedValues"] = new JsonArray(view.IssueType(type));
            yield return json;
        }
    }

    public static JsonObject EditFields(JiraView view) =>
        new(JiraCatalog.Fields.Where(field => field.Editable)
            .Select(field => KeyValuePair.Create<string, JsonNode?>(field.Id, Meta(view, field, field.Id is "summary" or "issuetype"))));

    public static JsonObject Transition(JiraView view, JiraTransition transition) => new()
    {
        ["id"] = transition.Id,
        ["name"] = transition.Name,
        ["to"] = view.Status(transition.To),
        ["hasScreen"] = false,
        ["isGlobal"] = true,
        ["isInitial"] = false,
        ["isAvailable"] = true,
        ["isConditional"] = false,
        ["isLooped"] = false,
    };

    private static JsonObject Meta(JiraView view, JiraField field, bool required)
    {
        var json = new JsonObject
        {
            ["required"] = required,
            ["schema"] = Schema(field),
            ["name"] = field.Name,
            ["key"] = field.Id,
            ["hasDefaultValue"] = field.Id == "priority",
            ["operations"] = field.Items is null ? new JsonArray("set") : new JsonArray("add", "set", "remove"),
        };
        if (field.Id == "priority")
            json["allowedValues"] = new JsonArray([.. JiraCatalog.Priorities.Select(view.Priority)]);
        return json;
    }
}
