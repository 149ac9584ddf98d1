namespace Exalate.Core.RichText;

/// <summary>Collects blocks while HTML is read: white space as browsers show it, a paragraph for each stretch of text between blocks.</summary>
internal sealed class HtmlFlow
{
    private readonly List<RichBlock> _blocks = [];
    private readonly InlineBuilder _line = new();
    private readonly OutlookLists _outlook = new();

    public void Text(string text, Marks marks)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsSpace(text[i])) continue;
            _line.Text(text.AsSpan(start, i - start), marks);
            // At the start of a line and behind another blank, a blank is not seen.
            if (_line.Last is not (' ' or '\n')) _line.Text(" ", marks);
            while (i + 1 < text.Length && IsSpace(text[i + 1])) i++;
            start = i + 1;
        }
        _line.Text(text.AsSpan(start), marks);
    }

    public void Inline(RichInline inline) => _line.Add(inline);

    public void Block(RichBlock block)
    {
        EndParagraph();
        EndOutlook();
        _blocks.Add(block);
    }

    /// <summary>A block that was read before, with the looks of what it stands in; null ends a stretch of text.</summary>
    public void Graft(RichBlock? block, Marks marks)
    {
        EndLoose();
        if (block is not null) Block(Looking(block, marks));
    }

    public void OutlookItem(OutlookItem item)
    {
        EndParagraph();
        _outlook.Add(item);
    }

    /// <summary>Ends the paragraph that is open. An element that held breaks or hard blanks alone is a blank line.</summary>
    public void EndParagraph(Extras? extras = null)
    {
        if (_line.IsEmpty) return;
        EndOutlook();
        _line.TrimEnd();
        var content = _line.Take();
        _blocks.Add(RichNodes.ParagraphOrImage(content, extras));
    }

    /// <summary>Ends a stretch of text that stands between elements: white space alone is nothing.</summary>
    public void EndLoose()
    {
        if (_line.IsBlank) _line.Take();
        else EndParagraph();
    }

    public NodeList<RichBlock> Take()
    {
        EndLoose();
        EndOutlook();
        return _blocks.ToNodeList();
    }

    /// <summary>Everything as one line; for headings and titles.</summary>
    public NodeList<RichInline> TakeLine()
    {
        _line.TrimEnd();
        if (_blocks.Count == 0) return _line.Take();
        EndLoose();
        return LineOf(_blocks);
    }

    public static NodeList<RichInline> LineOf(IEnumerable<RichBlock> blocks)
    {
        var line = new InlineBuilder();
        foreach (var block in blocks)
        {
            if (!line.IsEmpty) line.Text(" ", Marks.None);
            if (block is Paragraph p) line.AddRange(p.Content);
            else if (block is Heading h) line.AddRange(h.Content);
            else if (block is ImageBlock image) line.Add(image.Image);
            else line.Text(string.Join(' ', PlainTextWriter.Lines([block], tight: true)), Marks.None);
        }
        return line.Take();
    }

    private static RichBlock Looking(RichBlock block, Marks marks) => marks == Marks.None ? block : block switch
    {
        Paragraph p => p with { Content = Looking(p.Content, marks) },
        Heading h => h with { Content = Looking(h.Content, marks) },
        ImageBlock image => image with { Image = (Image)Looking([image.Image], marks)[0] },
        _ => block,
    };

    private static NodeList<RichInline> Looking(NodeList<RichInline> line, Marks marks) => line.Select(i => i is LineBreak ? i : i with
    {
        Marks = i.Marks.Within(marks),
    }).ToNodeList();

    private void EndOutlook()
    {
        if (!_outlook.IsEmpty) _blocks.AddRange(_outlook.Take());
    }

    private static bool IsSpace(char c) => c is ' ' or '\n' or '\t' or '\r' or '\f';
}
