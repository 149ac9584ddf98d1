using System.Text.Json.Nodes;

namespace Exalate.Core.RichText;

/// <summary>
/// Writes the Atlassian Document Format as Jira's REST v3 takes it: every node only where the format's schema allows it. What may not stand
/// inside something (a table in a list, a panel in a panel) is put behind the part before it, and the rest follows. Nesting is bounded
/// so that the JSON stays within the 64 levels that serializers read and write by default.
/// Source: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/.
/// </summary>
public static class AdfWriter
{
    /// <summary>A whole "doc" node; for the empty document one without content.</summary>
    public static JsonObject Write(RichDocument document, RichTextHooks? hooks = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        var content = document.IsEmpty ? [] : new AdfBlockWriter(hooks ?? RichTextHooks.None).Document(document.Nodes);
        return new JsonObject { ["version"] = 1, ["type"] = "doc", ["content"] = content };
    }
}
