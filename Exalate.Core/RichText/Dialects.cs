using System.Text.Json;
using System.Text.Json.Nodes;

namespace Exalate.Core.RichText;

/// <summary>One way of writing rich text, by name. Everything a dialect can't show is shown in words; see docs/rich-text.md.</summary>
/// <param name="Name">Example: "asana-comment".</param>
/// <param name="Description">For people. Example: "Asana comment (html_text)".</param>
/// <param name="Read">Never throws but for input that is not of the dialect at all: then <see cref="FormatException"/>.</param>
/// <param name="Write">Never throws.</param>
public sealed record Dialect(string Name, string Description, Func<string, RichTextHooks, RichDocument> Read, Func<RichDocument, RichTextHooks, string> Write);

/// <summary>All dialects that can be read and written.</summary>
public static class Dialects
{
    public static readonly Dialect Adf = new("adf", "Atlassian Document Format (Jira Cloud)", ReadAdf, WriteAdf);

    public static readonly Dialect Asana = new("asana", "Asana task notes (html_notes)", AsanaHtmlReader.Read, (d, h) => AsanaHtmlWriter.Write(d, AsanaProfile.Notes, h));

    public static readonly Dialect AsanaComment = new(
        "asana-comment",
        "Asana comment (html_text)",
        (text, hooks) => AsanaHtmlReader.ReadStory(text, hooks),
        (d, h) => AsanaHtmlWriter.Write(d, AsanaProfile.Story, h));

    public static readonly Dialect Azure = new("azure", "Azure DevOps HTML", AzureHtmlReader.Read, AzureHtmlWriter.Write);

    public static readonly Dialect AzureMarkdown = new(
        "azure-markdown",
        "Azure DevOps Markdown",
        (text, hooks) => MarkdownReader.Read(text, MarkdownFlavor.Azure, hooks),
        (d, h) => MarkdownWriter.Write(d, MarkdownFlavor.Azure, h));

    public static readonly Dialect Markdown = new(
        "markdown",
        "CommonMark with GitHub's additions",
        (text, hooks) => MarkdownReader.Read(text, MarkdownFlavor.Common, hooks),
        (d, h) => MarkdownWriter.Write(d, MarkdownFlavor.Common, h));

    public static readonly Dialect Text = new("text", "Plain text", (text, _) => PlainTextReader.Read(text), (d, _) => PlainTextWriter.Write(d));

    public static IReadOnlyList<Dialect> All { get; } = [Adf, Asana, AsanaComment, Azure, AzureMarkdown, Markdown, Text];

    /// <summary>Null when there is no dialect of that name.</summary>
    public static Dialect? Find(string name) => All.FirstOrDefault(d => d.Name == name);

    // A field without a value is null in Jira's answers.
    private static RichDocument ReadAdf(string json, RichTextHooks hooks)
    {
        if (string.IsNullOrWhiteSpace(json)) throw new FormatException("""it is empty, and an empty document is {"version": 1, "type": "doc", "content": []} or null.""");
        try
        {
            using var parsed = DeepJson.Parse(json);
            var root = parsed.RootElement;
            if (root.ValueKind == JsonValueKind.Null) return RichDocument.Empty;
            if (root.ValueKind != JsonValueKind.Object || JsonRead.Str(root, "type") != "doc")
                throw new FormatException("""its root is no document, which looks like {"version": 1, "type": "doc", "content": […]}.""");
            return AdfReader.Read(root, hooks);
        }
        catch (JsonException problem)
        {
            throw new FormatException($"it is no JSON: {problem.Message}", problem);
        }
    }

    // Depth is bounded by the writer.
    private static string WriteAdf(RichDocument document, RichTextHooks hooks) => AdfWriter.Write(document, hooks).ToJsonString(AdfJson);

    private static readonly JsonSerializerOptions AdfJson = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 512 };
}
