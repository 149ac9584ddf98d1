using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Exalate.Core.RichText;
using Exalate.Sandbox.Jira.Documents;

namespace Exalate.Tests.RichText;

/// <summary>What the vendors take, and what no page may get, asked of written documents.</summary>
internal static partial class VendorRules
{
    private const string NotesTags = "body strong em u s code ol ul li a h1 h2 hr img table tr td blockquote pre";
    private const string StoryTags = "body strong em u s code ol ul li a blockquote pre";
    private static readonly HashSet<string> AzureTags = Set("p div h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code hr table tr td th a img br span strong em u s sub sup");
    private static readonly HashSet<string> AzureAttributes = Set("href title style src alt width height start border colspan rowspan class data-vss-mention");
    private static readonly HashSet<string> AsanaAttributes = Set("href data-asana-gid alt colspan rowspan");

    /// <param name="dialect">What the text was written as.</param>
    /// <param name="written">The text.</param>
    /// <param name="unknownTags">Asana's notes may give back tags that Asana itself has sent.</param>
    public static void Check(Dialect dialect, string written, bool unknownTags = false)
    {
        switch (dialect.Name)
        {
            case "adf":
                Assert.True(AdfSchema.IsDocument(JsonNode.Parse(written)), written);
                Assert.DoesNotMatch(UnsafeJson(), written);
                break;
            case "asana":
                Asana(written, NotesTags + (unknownTags ? " object newtag" : ""));
                break;
            case "asana-comment":
                Asana(written, StoryTags);
                break;
            case "azure":
                Html(written);
                break;
            case "markdown" or "azure-markdown":
                // Judged as a page would: by what it becomes, since signs may be escaped.
                Html(Dialects.Azure.Write(dialect.Read(written, RichTextHooks.None), RichTextHooks.None));
                break;
        }
    }

    private static void Asana(string html, string tags)
    {
        var allowed = Set(tags);
        var root = XElement.Parse(html, LoadOptions.PreserveWhitespace);
        Assert.Equal("body", root.Name.LocalName);
        foreach (var element in root.DescendantsAndSelf())
        {
            var name = element.Name.LocalName;
            var place = element.Parent?.Name.LocalName;
            Holds(allowed.Contains(name), name, "a tag that Asana refuses");
            if (name == "object") continue;
            Holds(!element.HasAttributes || name is "a" or "img" or "td", name, "attributes");
            foreach (var attribute in element.Attributes()) Holds(AsanaAttributes.Contains(attribute.Name.LocalName), name, attribute.Name.LocalName);
            if (name is "h1" or "h2" or "blockquote" or "pre" or "table" or "hr") Holds(place == "body", name, place);
            if (name is "ul" or "ol") Holds(place is "body" or "li", name, place);
            if (name is "ul" or "ol") Holds(element.HasElements && element.Nodes().All(child => child is XElement { Name.LocalName: "li" }), name, "something that is no item, or nothing");
            if (name is "li") Holds(place is "ul" or "ol", name, place);
            if (name is "h1" or "h2") Holds(!element.Value.Contains('\n', StringComparison.Ordinal) && element.Value.Length + element.Elements().Count() > 0, name, "a line break, or nothing");
            if (name is "h1" or "h2" or "strong" or "em" or "u" or "s" or "code" or "a") Holds(element.Elements().All(e => e.Name.LocalName is "strong" or "em" or "u" or "s" or "code" or "a" or "img"), name, "a block");
            if (name is "strong" or "em" or "u" or "s" or "code" or "a") Holds(element.Ancestors().All(e => e.Name.LocalName != name), name, "itself");
            if (name is "pre") Holds(!element.HasElements, name, "tags");
            if (name == "a" && element.Attribute("data-asana-gid") is null) Safe((string?)element.Attribute("href"));
        }
    }

    private static void Html(string html)
    {
        foreach (Match tag in Tag().Matches(html))
        {
            Holds(AzureTags.Contains(tag.Groups[1].Value), tag.Value, "a tag that is no plain text's");
            foreach (Match attribute in Attribute().Matches(tag.Groups[2].Value))
            {
                var (name, value) = (attribute.Groups[1].Value, attribute.Groups[2].Value);
                Holds(AzureAttributes.Contains(name), tag.Value, name);
                if (name is "href" or "src") Safe(System.Net.WebUtility.HtmlDecode(value));
                if (name == "src") Holds(value.StartsWith("http", StringComparison.OrdinalIgnoreCase), tag.Value, "a picture from no place on the web");
                if (name == "style") Holds(Style().IsMatch(value), tag.Value, "a style that is no colour");
            }
        }
    }

    private static HashSet<string> Set(string names) => [.. names.Split(' ')];

    // A document may have a hundred thousand tags.
    private static void Holds(bool rule, string where, string? what)
    {
        if (!rule) Assert.Fail($"{where}: {what}");
    }

    private static void Safe(string? address)
    {
        Assert.NotNull(address);
        Assert.DoesNotMatch("(?i)^\\s*(javascript|vbscript|data|file|about|blob):", new string(address.Where(c => c > ' ' && !char.IsControl(c)).ToArray()));
    }

    [GeneratedRegex("^(text-align:(center|right)|((color|background-color):#[0-9a-f]{6};?)+)$")]
    private static partial Regex Style();

    [GeneratedRegex("<([a-z][a-z0-9]*)((?:\\s[^<>]*)?)>")]
    private static partial Regex Tag();

    [GeneratedRegex("([a-zA-Z-]+)=\"([^\"]*)\"")]
    private static partial Regex Attribute();

    [GeneratedRegex("(?i)\"(?:href|url)\":\"\\s*(?:javascript|vbscript|data|file):")]
    private static partial Regex UnsafeJson();
}
