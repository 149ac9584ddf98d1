namespace Exalate.Core.RichText;

/// <summary>What comes out: one line, or stretches between tags that end a paragraph.</summary>
internal sealed partial class MdInlineParser
{
    private readonly List<(int Item, HtmlTag Tag)> _cuts = [];

    /// <summary>A paragraph, cut where a tag ends it or begins something that stands on lines of its own.</summary>
    public List<MdPart> Parts(string text)
    {
        _text = text.TrimEnd();
        _backticks = new MdBackticks(_text);
        while (_at < _text.Length) Next();
        FlushPlain();
        Emphasis(0);
        return Collect();
    }

    /// <summary>A line that stays one, whatever tags are in it.</summary>
    public NodeList<RichInline> Parse(string text)
    {
        var parts = Parts(text);
        if (parts.Count == 1) return parts[0].Line;
        var line = new InlineBuilder();
        foreach (var part in parts.Where(p => p.Line.Count > 0))
        {
            if (!line.IsEmpty) line.Text(" ", Marks.None);
            line.AddRange(part.Line);
        }
        return line.Take();
    }

    private List<MdPart> Collect()
    {
        var parts = new List<MdPart>();
        var line = new InlineBuilder();
        var sweep = _ranges.Sweep(_items.Count);
        var cut = 0;
        for (var i = 0; i < _items.Count; i++)
        {
            for (; cut < _cuts.Count && _cuts[cut].Item == i; cut++) parts.Add(new MdPart(Line(line), _cuts[cut].Tag));
            var marks = sweep.Next(i);
            if (_items[i].Inline is { } inline)
            {
                var own = inline is LineBreak ? Marks.None : marks.With(inline.Marks.Style);
                line.Add(inline with { Marks = inline.Marks.Href is null || own.Href is not null ? own : own with { Href = inline.Marks.Href } });
            }
            else
            {
                // Blanks beside such a tag are not seen.
                line.Text(line.IsEmpty && parts.Count > 0 ? _items[i].Text.AsSpan().TrimStart() : _items[i].Text, marks);
            }
        }
        for (; cut < _cuts.Count; cut++) parts.Add(new MdPart(Line(line), _cuts[cut].Tag));
        parts.Add(new MdPart(Line(line), null));
        return parts;
    }

    private static NodeList<RichInline> Line(InlineBuilder line)
    {
        line.TrimEnd();
        return MdBareLinks.WithMail(line.Take());
    }
}

/// <summary>A stretch of a paragraph, and the tag that ends it; null at the paragraph's own end.</summary>
internal readonly record struct MdPart(NodeList<RichInline> Line, HtmlTag? Tag);
