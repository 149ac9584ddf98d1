using System.Diagnostics;
using System.Text;
using Exalate.Core.RichText;
using FsCheck;
using FsCheck.Fluent;

namespace Exalate.Tests.RichText;

/// <summary>Anything at all as input of every reader: no exception but "can't be read as that at all", and every writer's output is one its vendor takes.</summary>
public class FuzzTests
{
    // Pieces that mean something somewhere; random bytes alone never get past a lexer's first state.
    private static readonly string[] Pieces =
    [
        "<", ">", "</", "/>", "<b>", "</b>", "<p ", "<ul><li>", "</li>", "<ol start=\"7\">", "<table><tr><td colspan=3>", "</table>", "<th rowspan=99999>", "<blockquote>", "<pre>", "<a href=\"", "<a data-asana-gid=\"1\"/>",
        "javascript:alert(1)", "\"", "'", "=", "<img src=\"https://x.y/z.png\" width=1>", "<img data-asana-gid=\"2\" alt=\"x\">", "<script>", "</script>", "<style>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "&amp;", "&#0;", "&#xD800;",
        "&nbsp;", "&bogus;", "<object data=\"data:x\">", "<x:y z>", "<body>", "</body>", "<h1>", "<h7>", "<hr>", "<br>", "<details><summary>", "</details>", "<input type=checkbox checked>", "<p style='mso-list:l0 level9 lfo1'>", "<span style=\"color:red;background:url(x)\">",
        "*", "**", "_", "~~", "`", "```\n", "[", "](", ")", "![", "[^1]:", "> ", "- ", "1. ", "- [x] ", "# ", "|a|b|\n|-|-|\n", "---\n", "    ", "\t", "\\", "\n", "\n\n", "\r\n", "@<", ":smile:", "> [!NOTE]\n", "=100x50",
        "{\"type\":\"", "doc", "paragraph", "\",\"content\":[", "]}", "{\"text\":\"", "\"attrs\":{", "null", "1e999", "[[", "\\ud800", "☐ ", "• ", "▸ ", "**⚠️ Warning**", "———", "\u0000", "\u200b", "\ufeff", "\ud83d", "\u202e", "\u2028", "\u00a0", "é", "日本", "😀", "word ", "a", " ",
    ];

    public static TheoryData<string> Names => [.. Dialects.All.Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_ArbitraryText_GivesADocumentThatEveryVendorTakes(string name)
    {
        var dialect = Dialects.Find(name)!;
        var texts = Gen.OneOf(
            Gen.Elements(Pieces).ListOf().Select(p => string.Concat(p)),
            Gen.Choose(0, 0xffff).Select(c => (char)c).ListOf().Select(c => new string([.. c])),
            Gen.Choose(0, 255).Select(b => (byte)b).ListOf().Select(b => Encoding.UTF8.GetString([.. b])));
        Prop.ForAll(texts.ToArbitrary(), text => Check(dialect, text)).Check(Draws.Of(400).WithStartSize(5).WithEndSize(80));
    }

    [Fact]
    public void Read_ArbitraryJsonShapedLikeADocument_GivesADocumentThatEveryVendorTakes() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).Select(seed => new RandomAdf(seed).Make()).ToArbitrary(), adf => Check(Dialects.Adf, adf))
            .Check(Draws.Of(600));

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_ADocumentCutAndMixedUp_GivesADocumentThatEveryVendorTakes(string name)
    {
        var dialect = Dialects.Find(name)!;
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var text = new StringBuilder(dialect.Write(new RandomDocument(seed).Make(), RichTextHooks.None));
            for (var i = random.Next(1, 6); i > 0 && text.Length > 0; i--)
            {
                var at = random.Next(text.Length);
                if (random.Next(2) == 0) text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at));
                else text.Insert(at, Pieces[random.Next(Pieces.Length)]);
            }
            Check(dialect, text.ToString());
        }).Check(Draws.Of(150));
    }

    /// <summary>What is repeated, one inside the other or behind each other.</summary>
    public static TheoryData<string, int, string> Repeated => new()
    {
        { "azure", 100_000, "<div>" }, { "azure", 100_000, "<blockquote>" }, { "azure", 100_000, "<ul><li>" }, { "azure", 100_000, "<table><tr><td>" }, { "azure", 100_000, "<b><i>" }, { "azure", 100_000, "<b></i>" }, { "azure", 100_000, "<a href=\"" }, { "azure", 100_000, "<details>" }, { "azure", 100_000, "<" },
        { "asana", 100_000, "<body>" }, { "asana", 100_000, "<ul><li>" }, { "asana", 100_000, "<blockquote>" }, { "asana", 100_000, "<table><tr><td>" }, { "asana", 100_000, "<x>" }, { "asana-comment", 100_000, "<ol><li>" }, { "asana-comment", 100_000, "<strong>" },
        { "markdown", 100_000, "> " }, { "markdown", 100_000, "- " }, { "markdown", 20_000, "1. " }, { "markdown", 100_000, "[" }, { "markdown", 100_000, "[a](" }, { "markdown", 10_000, "**a *b" }, { "markdown", 10_000, "`a" }, { "markdown", 100_000, "<details>" }, { "markdown", 10_000, "<div>\n" }, { "markdown", 10_000, "a\n> " },
        { "azure-markdown", 10_000, "![a](b" }, { "azure-markdown", 10_000, "|a|\n|-|\n" }, { "text", 10_000, "☐ a\n" }, { "text", 10_000, "| a |\n" },
        { "adf", 100_000, """{"type":"blockquote","content":[""" }, { "adf", 100_000, """{"type":"bulletList","content":[{"type":"listItem","content":[""" }, { "adf", 100_000, """{"type":"taskList","content":[""" },
        { "adf", 100_000, """{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableCell","content":[""" }, { "adf", 100_000, """{"type":"unknown","content":[""" }, { "adf", 100_000, """{"type":"paragraph","content":[""" },
    };

    [Theory]
    [MemberData(nameof(Repeated))]
    public void Read_NestedDeeply_EndsAtOnceAndIsTaken(string name, int most, string piece)
    {
        var dialect = Dialects.Find(name)!;
        foreach (var times in (int[])[1_000, most])
        {
            var open = string.Concat(Enumerable.Repeat(piece, times));
            var text = name != "adf" ? open + "end" : """{"version":1,"type":"doc","content":[""" + open + string.Concat(Enumerable.Repeat(Closing(piece), times)) + "]}";
            var clock = Stopwatch.StartNew();

            Check(dialect, text);

            // Linear work takes about a second here; twice the depth at quadratic cost would be minutes.
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{times} × {piece}: {clock.Elapsed}");
        }
    }

    private static string Closing(string piece) => string.Concat(piece.Reverse().Select(c => c == '{' ? "}" : c == '[' ? "]" : ""));

    private static void Check(Dialect dialect, string text)
    {
        RichDocument document;
        try
        {
            document = dialect.Read(text, RichTextHooks.None);
        }
        catch (FormatException) when (dialect == Dialects.Adf)
        {
            return;
        }
        Assert.True(Depth(document.Nodes) <= RichLimits.MaxDepth);
        foreach (var to in Dialects.All)
        {
            // What a tracker sent and the model does not know goes back to it as it was; for all others it is text.
            var written = to.Write(document, RichTextHooks.None);
            if (HasOpaque(document.Nodes) && to.Name[..2] == dialect.Name[..2] && to.Name[..2] is "ad" or "as") WellFormed(to, written);
            else VendorRules.Check(to, written);
        }
    }

    private static bool HasOpaque(NodeList<RichBlock> blocks) =>
        RichNodes.Inlines(blocks).Any(i => i is OpaqueInline) || blocks.Any(b => b is OpaqueBlock || HasOpaque(RichNodes.Children(b).ToNodeList()));

    private static void WellFormed(Dialect dialect, string written)
    {
        if (dialect == Dialects.Adf) System.Text.Json.Nodes.JsonNode.Parse(written);
        else System.Xml.Linq.XElement.Parse(written);
    }

    private static int Depth(IEnumerable<RichBlock> blocks)
    {
        var depth = 0;
        var level = blocks.ToList();
        for (; level.Count > 0; depth++) level = level.SelectMany(RichNodes.Children).ToList();
        return depth;
    }

    /// <summary>Nodes of Jira's format with any attributes at any place.</summary>
    private sealed class RandomAdf(int seed)
    {
        private static readonly string[] Types =
        [
            "doc", "paragraph", "heading", "bulletList", "orderedList", "listItem", "taskList", "taskItem", "blockquote", "codeBlock", "rule", "panel", "expand", "nestedExpand", "table", "tableRow", "tableCell", "tableHeader",
            "mediaSingle", "mediaGroup", "media", "caption", "blockCard", "embedCard", "text", "hardBreak", "mention", "emoji", "date", "status", "inlineCard", "mediaInline", "layoutSection", "extension", "made-up",
        ];

        private static readonly string[] Values =
            ["\"\"", "\"x\"", "null", "7", "-1", "1e300", "true", "[]", "{}", "\"javascript:alert(1)\"", "\"https://x.y\"", "\"#ff0000\"", "\"red\"", "\"1714694400000\"", "\"99999999999999999999\"", "\"\\ud800\"", "\"info\"", "\"DONE\"", "\"a\\nb\\u0000\""];

        private static readonly string[] Names =
            ["level", "order", "state", "localId", "language", "panelType", "title", "colspan", "rowspan", "background", "layout", "width", "id", "collection", "type", "url", "alt", "text", "shortName", "timestamp", "color", "href"];

        private readonly Random _random = new(seed);

        public string Make() => $$"""{"version":1,"type":"doc","content":[{{List(0)}}]}""";

        private string List(int depth) => string.Join(',', Enumerable.Range(0, _random.Next(0, 5)).Select(_ => _random.Next(15) == 0 ? Pick(Values) : Node(depth)));

        private string Node(int depth)
        {
            var parts = new List<string> { $"\"type\":{(_random.Next(30) == 0 ? Pick(Values) : $"\"{Pick(Types)}\"")}" };
            if (_random.Next(3) > 0) parts.Add($"\"attrs\":{{{Attributes()}}}");
            if (_random.Next(3) > 0) parts.Add($"\"text\":{(_random.Next(3) == 0 ? Pick(Values) : "\"word\"")}");
            if (depth < 6 && _random.Next(4) > 0) parts.Add($"\"content\":{(_random.Next(20) == 0 ? Pick(Values) : $"[{List(depth + 1)}]")}");
            if (_random.Next(3) == 0) parts.Add($"\"marks\":[{{\"type\":\"{Pick("strong", "em", "code", "link", "textColor", "subsup", "alignment", "made-up")}\",\"attrs\":{{{Attributes()}}}}}]");
            return "{" + string.Join(',', parts) + "}";
        }

        private string Attributes() => string.Join(',', Names.Where(_ => _random.Next(4) == 0).Select(n => $"\"{n}\":{Pick(Values)}"));

        private string Pick(params string[] from) => from[_random.Next(from.Length)];
    }
}
