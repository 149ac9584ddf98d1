using Exalate.Core.RichText;

namespace Exalate.Tests.RichText;

public class AsanaTests
{
    [Theory]
    [InlineData("<body>One\nstill one\n\nTwo</body>")]
    [InlineData("<body>a\n\n\nb\n\n\n\nc</body>")]
    [InlineData("<body>Some <strong>bold <em>both</em></strong> <u>u</u> <s>s</s> <code>c &lt; d</code></body>")]
    [InlineData("<body>Intro\n<ul><li>one<ol><li>nested</li></ol></li><li>two</li></ul>after</body>")]
    [InlineData("<body><h1>Title</h1>text\n<h2>Sub</h2><hr/>end</body>")]
    [InlineData("<body><blockquote>quoted\nline</blockquote><pre>code\n  more</pre></body>")]
    [InlineData("<body><table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table></body>")]
    [InlineData("<body>See <a href=\"https://app.asana.com/0/1/2\">task</a> <img data-asana-gid=\"77\" alt=\"a.png\"/></body>")]
    [InlineData("<body>Look <a data-asana-gid=\"123\"/></body>")]
    public void ReadWrite_WhatAsanaTakes_IsTheSame(string html)
    {
        var written = AsanaHtmlWriter.Write(AsanaHtmlReader.Read(html), AsanaProfile.Notes);

        Assert.Equal(html, written);
    }

    [Fact]
    public void Read_ExpandedMention_IsAPerson()
    {
        var document = AsanaHtmlReader.Read("""<body><a href="https://app.asana.com/0/1/1" data-asana-gid="42" data-asana-type="user">Anna Bright</a></body>""");

        var paragraph = Assert.IsType<Paragraph>(Assert.Single(document.Blocks));
        Assert.Equal(new Mention("42", "Anna Bright", "asana"), Assert.Single(paragraph.Content));
    }

    [Fact]
    public void Write_MentionOfAnotherSystem_IsANameAndPingsNobody()
    {
        var document = new RichDocument([new Paragraph([new Mention("557058:1", "Anna Bright", "adf")])]);

        Assert.Equal("<body>@Anna Bright</body>", AsanaHtmlWriter.Write(document, AsanaProfile.Story));
    }

    [Fact]
    public void Write_TagThatIsNotKnown_GoesBackWithoutWhatCouldRun()
    {
        var document = AsanaHtmlReader.Read("""<body><gadget kind="x" href="https://a.b/" formaction=" java&#10;script:alert(1)" src="data:text/html,x" onclick="y()" style="z">words<script>w()</script></gadget></body>""");

        Assert.Equal("""<body><gadget kind="x" href="https://a.b/">words</gadget></body>""", AsanaHtmlWriter.Write(document, AsanaProfile.Notes));
        Assert.Equal("<body>words</body>", AsanaHtmlWriter.Write(document, AsanaProfile.Story));
    }

    [Fact]
    public void Write_Story_HasNoHeadingRuleOrTable()
    {
        var document = new RichDocument(
        [
            new Heading(1, [new TextRun("Title")]),
            new Rule(),
            new Table([new TableRow([new TableCell([new Paragraph([new TextRun("h")])], Header: true)]), new TableRow([new TableCell([new Paragraph([new TextRun("value")])])])]),
            new Panel("warning", "Read", [new Paragraph([new TextRun("this")])]),
        ]);

        Assert.Equal(
            "<body><strong>Title</strong>\n\n———\n<pre>| h     |\n| ----- |\n| value |</pre><blockquote><strong>⚠️ Warning: Read</strong>\n\nthis</blockquote></body>",
            AsanaHtmlWriter.Write(document, AsanaProfile.Story));
    }
}
