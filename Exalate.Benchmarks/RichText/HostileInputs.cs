namespace Exalate.Benchmarks.RichText;

/// <summary>Every kind of nonsense that a document can be full of, for each dialect: what nests, what is never closed, what looks like something else, what multiplies.</summary>
public static class HostileInputs
{
    private static readonly string[] Html =
    [
        "<blockquote>", "<ul><li>", "<ol><li><p>x</p>", "<table><tr><td>", "<tr><td>x", "<td colspan=1000 rowspan=1000>x", "<td>x</td>", "<span style='color:red'>x", "<b><i>x", "<b><i>x</b></i>", "<a href='https://x.y'>x", "<p>x", "<p><b><i><u>x",
        "<details><summary>s</summary>", "<x ", "<a href=\"", "<", "</", "<!--", "<!-- x>", "<script>", "<title>x", "<![CDATA[", "&amp;", "&", "&#1", "x", "x ", " ", "<br>", "x<br>", "\n", "</div>", "</p>", "<li>x", "<h1>x", "<dl><dt>x<dd>y", "&gt; x\n",
        "<p style='mso-list:l0 level9 lfo1'>x</p>", "<a href='#' data-vss-mention='version:2.0,00000000-0000-0000-0000-000000000001'>@P</a> ", "<a data-asana-gid='1'/> ", "<img src='https://x.y/z.png'>", "<pre>a</pre>", "<newtag>", "<object>x", "<ul><li><input type=checkbox>x", "\ud83d", "😀", "\u202e", "\0",
    ];

    private static readonly string[] Markdown =
    [
        "> ", "- ", "1. ", "* a\n", "[", "]", "[a](", "[a](b ", "![a](", "[a][b]", "[x\\]", "*", "*a ", "*a _b ", "**a *b", "a**b*c", "_a", "~~a ~b", "`", "`a", "```\n", "~~~\na\n", "&", "&amp;", "<", "<a", "<a href=\"", "<!--", "a <!-- ", "a<?", "a<![CDATA[", "<x@y", "<https:", "x", "x ", "x\n", "\n", " ",
        "\t", "\t- x\n", "<details>", "<details>\n\n", "<details><summary>a</summary>\n\nx\n\n", "</details>\n\n", "<div>\n\nx\n\n", "<table><tr><td>\n\nx\n\n", "<td>\n\nx\n\n", "x<td>", "x</td>", "x<div>", "<b>\n\nx\n\n", "<p><b>\n\n*x*\n\n", "<ul>\n\n<li>\n\nx\n\n", "> <div>\n", "|a|\n|-|\n\n", "|", "|-", "|c|d|\n", "[^1] ", "[a]: b\n", "# ", "a\n===\n", "---\n",
        "a\n> ", "> a\nb\n\n", "www.", "www.a.b ", "http://", "http://a.b/(", "a@b.c", "\\", "- [ ] a\n", "@<", "@<00000000-0000-0000-0000-000000000000> ", "$a", "$$\n", "::: mermaid\n", "#1", "[[_TOC_]]\n\n", "[a](<b", "[a](b \"", "> - ", "- a\n\n", "<b>", "<b>a</b>", "<span style='color:red'>a", "> [!NOTE]\n> a\n\n", "👩‍👩‍👧", "a\r", "\0",
    ];

    private static readonly string[] Text = ["> ", "> a\n", "| a | b |\n", "x", "x\n", "x\n\n", "*_`[<&", "http://a.b ", "$a$#1", "☐ a\n", "a@b.c ", "1. ", " ", "`", "\\", ":"];

    // Nodes inside each other, and beside each other.
    private static readonly string[] AdfNested =
    [
        """{"type":"blockquote","content":[""", """{"type":"bulletList","content":[{"type":"listItem","content":[""", """{"type":"taskList","content":[""", """{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableCell","content":[""",
        """{"type":"panel","attrs":{"panelType":"info"},"content":[""", """{"type":"expand","attrs":{"title":"t"},"content":[""", """{"type":"paragraph","content":[""", """{"type":"layoutSection","content":[{"type":"layoutColumn","content":[""", """{"type":"bodiedExtension","attrs":{},"content":[""", """{"type":"zzz","content":[""",
    ];

    private static readonly string[] AdfInline =
    [
        """{"type":"text","text":"x"}""", """{"type":"text","text":"x","marks":[{"type":"strong"}]},{"type":"text","text":"y","marks":[{"type":"em"}]}""", """{"type":"mention","attrs":{"id":"557058:1","text":"@P"}}""", """{"type":"emoji","attrs":{"shortName":":smile:","text":"😄"}}""", """{"type":"hardBreak"}""",
        """{"type":"text","text":"x"},{"type":"hardBreak"}""", """{"type":"text","text":"x","marks":[{"type":"link","attrs":{"href":"https://x.y"}}]}""", """{"type":"text","text":"****[[[[```<<<&&&"}""", """{"type":"text","text":"a\nb"}""", """{"type":"inlineCard","attrs":{"url":"https://x.y"}}""", """{"type":"zzz","text":"a"}""",
    ];

    private static readonly string[] AdfBlocks =
    [
        """{"type":"paragraph","content":[{"type":"text","text":"x"}]}""", """{"type":"orderedList","content":[{"type":"listItem","content":[]}]}""", """{"type":"mediaSingle","content":[{"type":"media","attrs":{"id":"1","type":"file","collection":""}}]}""", """{"type":"extension","attrs":{"text":"x","parameters":{"a":1}}}""", """{"type":"blockCard","attrs":{"url":"https://x.y"}}""", """{"type":"rule"}""",
        """{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[]},{"type":"panel","attrs":{"panelType":"info"},"content":[]},{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableCell","attrs":{"colspan":1000,"rowspan":1000},"content":[]}]}]}]}]}""",
    ];

    /// <summary>What each is, and how it is made in about as many characters as asked.</summary>
    /// <param name="dialect">Its name, as <c>convert</c> takes it.</param>
    public static IEnumerable<(string What, Func<int, string> Make)> For(string dialect) => dialect switch
    {
        "adf" =>
        [
            .. AdfNested.Select(n => (n, Nested(n))),
            .. AdfInline.Select(n => (n, Of(n, """{"type":"paragraph","content":[""", "]}"))),
            .. AdfBlocks.Select(n => (n, Of(n, "", ""))),
            ("marks", size => Marked(Listed("""{"type":"strong"}""", size))),
            ("marks that nobody knows", size => Marked(string.Join(',', Enumerable.Range(0, size / 20).Select(i => "{\"type\":\"m" + i + "\"}")))),
            ("one huge attribute", size => Document("""{"type":"extension","attrs":{"text":""" + '"' + Repeated("x", size) + "\"}}")),
            ("deep attributes", size => Document("""{"type":"extension","attrs":""" + Repeated("""{"a":""", size / 6 * 5) + "1" + Repeated("}", size / 6) + "}")),
            ("cells of one row", Of("""{"type":"tableCell","content":[{"type":"paragraph","content":[{"type":"text","text":"x"}]}]}""", """{"type":"table","content":[{"type":"tableRow","content":[""", "]}]}")),
            ("rows that span", Of("""{"type":"tableRow","content":[{"type":"tableCell","attrs":{"colspan":1000,"rowspan":1000},"content":[]}]}""", """{"type":"table","content":[""", "]}")),
            ("a wide row and many short ones", size => Document("""{"type":"table","content":[{"type":"tableRow","content":[""" + Listed("""{"type":"tableCell","content":[]}""", size / 2) + "]}," + Listed("""{"type":"tableRow","content":[{"type":"tableCell","content":[]}]}""", size / 2) + "]}")),
            ("rows", Of("""{"type":"tableRow","content":[{"type":"tableCell","content":[]}]}""", """{"type":"table","content":[""", "]}")),
        ],
        "text" => Text.Select(Pieces),
        "markdown" or "azure-markdown" =>
        [
            .. Markdown.Select(Pieces),
            ("backticks of every length", size => Numbered(i => new string('`', (i % 1000) + 1) + "a", size)),
            ("definitions", size => Numbered(i => $"[a{i}]: b\n", size) + "[a1]"),
            ("numbered items", size => Numbered(i => $"{i}. a\n", size)),
            ("items ever deeper", size => Numbered(i => new string(' ', 2 * (i % 200)) + "- a\n", size)),
            ("a wide table", size => Repeated("|a", size / 2) + "\n" + Repeated("|-", size / 2)),
            ("nested links", size => Repeated("[", size / 8) + "a" + Repeated("](b)", size / 2)),
        ],
        _ =>
        [
            .. Html.Select(Pieces),
            ("one huge attribute", size => $"<a href=\"https://x.y/{Repeated("a", size)}\">x</a>"),
            ("one huge style", size => $"<p style=\"{Repeated("color:red;", size)}\">x</p>"),
            ("many attributes", size => $"<p {Repeated("a=b ", size)}>x</p>"),
            ("one table", size => "<table>" + Repeated("<tr><td>x<td>y", size)),
            ("one list", size => "<ul>" + Repeated("<li>x", size)),
            ("one body", size => "<body>" + Repeated("<strong>x</strong>", size) + "</body>"),
        ],
    };

    private static (string What, Func<int, string> Make) Pieces(string piece) => (piece, size => Repeated(piece, size) + "x");

    private static Func<int, string> Nested(string open) => size =>
    {
        var close = Closing(open);
        var times = size / (open.Length + close.Length);
        return Document(Repeated(open, times * open.Length) + """{"type":"text","text":"x"}""" + Repeated(close, times * close.Length));
    };

    // What is still open at the end of a piece, from the inside out.
    private static string Closing(string open)
    {
        var stack = new Stack<char>();
        foreach (var c in open)
        {
            if (c is '{' or '[') stack.Push(c == '{' ? '}' : ']');
            else if (c is '}' or ']') stack.Pop();
        }
        return string.Concat(stack);
    }

    private static Func<int, string> Of(string node, string before, string after) => size => Document(before + Listed(node, size) + after);

    private static string Marked(string marks) => Document("""{"type":"paragraph","content":[{"type":"text","text":"x","marks":[""" + marks + "]}]}");

    private static string Document(string content) => $$"""{"version":1,"type":"doc","content":[{{content}}]}""";

    private static string Listed(string node, int size) => string.Join(',', Enumerable.Repeat(node, size / (node.Length + 1)));

    private static string Repeated(string piece, int size) => string.Concat(Enumerable.Repeat(piece, Math.Max(1, size / piece.Length)));

    private static string Numbered(Func<int, string> piece, int size)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; text.Length < size; i++) text.Append(piece(i));
        return text.ToString();
    }
}
