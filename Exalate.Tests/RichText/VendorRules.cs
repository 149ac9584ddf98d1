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
    private const string AzureTags = "p div h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code hr table tr td th a img br span strong em u s sub sup";
    private const string AzureAttributes = "href title style src alt width height start border colspan rowspan class data-vss-mention";

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
        var allowed = tags.Split(' ');
        var root = XElement.Parse(html, LoadOptions.PreserveWhitespace);
        Assert.Equal("body", root.Name.LocalName);
        foreach (var element in root.DescendantsAndSelf())
        {
            var name = element.Name.LocalName;
            var place = element.Parent?.Name.LocalName;
            Assert.Contains(name, allowed);
            if (name == "object") continue;
            Assert.True(!element.HasAttributes || name is "a" or "img" or "td", element.ToString());
            Assert.All(element.Attributes(), a => Assert.True(a.Name.LocalName is "href" or "data-asana-gid" or "alt" or "colspan" or "rowspan", a.ToString()));
            if (name is "h1" or "h2" or "blockquote" or "pre" or "table" or "hr") Assert.Equal("body", place);
            if (name is "ul" or "ol") Assert.True(place is "body" or "li", place);
            if (name is "ul" or "ol") Assert.All(element.Nodes(), child => Assert.Equal("li", (child as XElement)?.Name.LocalName));
            if (name is "li") Assert.True(place is "ul" or "ol", place);
            if (name is "h1" or "h2") Assert.DoesNotContain('\n', element.Value);
            if (name == "a" && element.Attribute("data-asana-gid") is null) Safe((string?)element.Attribute("href"));
        }
    }

    private static void Html(string html)
    {
        foreach (Match tag in Tag().Matches(html))
        {
            Assert.Contains(tag.Groups[1].Value, AzureTags.Split(' '));
            foreach (Match attribute in Attribute().Matches(tag.Groups[2].Value))
            {
                var (name, value) = (attribute.Groups[1].Value, attribute.Groups[2].Value);
                Assert.Contains(name, AzureAttributes.Split(' '));
                if (name is "href" or "src") Safe(System.Net.WebUtility.HtmlDecode(value));
                if (name == "style") Assert.Matches("^(text-align:(center|right)|((color|background-color):#[0-9a-f]{6};?)+)$", value);
            }
        }
    }

    private static void Safe(string? address)
    {
        Assert.NotNull(address);
        Assert.DoesNotMatch("(?i)^\\s*(javascript|vbscript|data|file|about|blob):", new string(address.Where(c => c > ' ' && !char.IsControl(c)).ToArray()));
    }

    [GeneratedRegex("<([a-z][a-z0-9]*)((?:\\s[^<>]*)?)>")]
    private static partial Regex Tag();

    [GeneratedRegex("([a-zA-Z-]+)=\"([^\"]*)\"")]
    private static partial Regex Attribute();

    [GeneratedRegex("(?i)\"(?:href|url)\":\"\\s*(?:javascript|vbscript|data|file):")]
    private static partial Regex UnsafeJson();
}
