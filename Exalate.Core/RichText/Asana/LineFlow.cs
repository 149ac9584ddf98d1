namespace Exalate.Core.RichText;

/// <summary>
/// Turns text with literal line breaks into paragraphs: one break stays a break, two end the paragraph, further pairs are blank paragraphs.
/// Breaks beside blocks mean nothing.
/// </summary>
internal sealed class LineFlow
{
    private readonly List<RichBlock> _blocks = [];
    private readonly InlineBuilder _line = new();
    private int _breaks;

    public void Text(string text, Marks marks)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var at = rest.IndexOf('\n');
            var part = at < 0 ? rest : rest[..at];
            if (!part.IsEmpty)
            {
                ApplyBreaks();
                _line.Text(part, marks);
            }
            if (at < 0) return;
            _breaks++;
            rest = rest[(at + 1)..];
        }
    }

    public void Inline(RichInline inline)
    {
        ApplyBreaks();
        _line.Add(inline);
    }

    public void BreakParagraph()
    {
        if (_line.IsEmpty) _breaks = 0;
        else _breaks = Math.Max(_breaks, 2);
    }

    public void Block(RichBlock block)
    {
        EndParagraph();
        _breaks = 0;
        _blocks.Add(block);
    }

    public NodeList<RichBlock> Take()
    {
        EndParagraph();
        return _blocks.ToNodeList();
    }

    /// <summary>Everything as one line; for headings.</summary>
    public NodeList<RichInline> TakeLine()
    {
        EndParagraph();
        var line = new InlineBuilder();
        foreach (var block in _blocks)
        {
            if (!line.IsEmpty) line.Text(" ", Marks.None);
            if (block is Paragraph p) line.AddRange(p.Content);
            else if (block is ImageBlock image) line.Add(image.Image);
            else line.Text(string.Join(' ', PlainTextWriter.Lines([block], tight: true)), Marks.None);
        }
        return line.Take();
    }

    private void ApplyBreaks()
    {
        var breaks = _breaks;
        _breaks = 0;
        if (breaks == 0 || (_line.IsEmpty && _blocks.Count == 0)) return;
        if (breaks == 1)
        {
            if (!_line.IsEmpty) _line.Add(new LineBreak());
            return;
        }
        if (_line.IsEmpty) return;
        EndParagraph();
        for (var i = 1; i < breaks / 2; i++) _blocks.Add(new Paragraph([]));
        if (breaks % 2 == 1) _line.Add(new LineBreak());
    }

    private void EndParagraph()
    {
        if (_line.IsEmpty) return;
        if (_line.IsBlank) _line.Take();
        else _blocks.Add(RichNodes.ParagraphOrImage(_line.Take()));
    }
}
