using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

/// <summary>Custom fields as records and with a task's value.</summary>
internal static class CustomFieldViews
{
    public static JsonObject Field(AsanaCustomField field)
    {
        var json = new JsonObject
        {
            ["gid"] = field.Id.ToString(),
            ["resource_type"] = "custom_field",
            ["name"] = field.Name,
            ["resource_subtype"] = field.Type,
            ["type"] = field.Type,
            ["enabled"] = true,
        };
        if (field.Options.Count > 0)
            json["enum_options"] = field.Options.Select(Option).ToJson();
        return json;
    }

    public static JsonObject Option(AsanaEnumOption option) => new()
    {
        ["gid"] = option.Id.ToString(),
        ["resource_type"] = "enum_option",
        ["name"] = option.Name,
        ["enabled"] = option.Enabled,
        ["color"] = option.Color,
    };

    public static JsonObject Setting(AsanaView view, AsanaProject project, AsanaCustomField field) => new()
    {
        // The real setting has a gid of its own; nothing can be done with it here.
        ["gid"] = (field.Id + 1_000_000).ToString(),
        ["resource_type"] = "custom_field_setting",
        ["project"] = view.Projects.Compact(project),
        ["parent"] = view.Projects.Compact(project),
        ["is_important"] = true,
        ["custom_field"] = Field(field),
    };

    public static JsonObject Value(AsanaView view, AsanaCustomField field, AsanaTask task)
    {
        var json = Field(field);
        var value = task.CustomFields.GetValueOrDefault(field.Id.ToString());
        switch (field.Type)
        {
            case "text":
                json["text_value"] = value?.DeepClone();
                json["display_value"] = value.Text();
                break;
            case "number":
                json["number_value"] = value?.DeepClone();
                json["display_value"] = value?.ToString();
                break;
            case "enum":
                var option = field.Options.FirstOrDefault(one => one.Id.ToString() == value.TextOrNumber());
                json["enum_value"] = option is null ? null : Option(option);
                json["display_value"] = option?.Name;
                break;
            default:
                json["display_value"] = value?.ToString();
                break;
        }

        return json;
    }

    /// <exception cref="ApiException">400: not a value of that field.</exception>
    public static JsonNode? Checked(AsanaCustomField field, JsonNode? value)
    {
        var fits = value is null || field.Type switch
        {
            "text" => value.Text() is not null,
            "number" => value is JsonValue number && number.TryGetValue(out double _),
            "enum" => field.Options.Any(option => option.Enabled && option.Id.ToString() == value.TextOrNumber()),
            _ => true,
        };
        return fits ? value?.DeepClone() : throw AsanaErrors.BadRequest($"custom_fields: Invalid value for custom field {field.Id}");
    }
}
