using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Collects the inlines of one line: joins neighbouring runs of equal looks, drops empty ones, turns line breaks in text into nodes.</summary>
internal sealed class InlineBuilder
{
    private readonly List<RichInline> _items = [];
    private readonly StringBuilder _text = new();
    private Marks _marks = Marks.None;

    public bool IsEmpty => _items.Count == 0 && _text.Length == 0;

    /// <summary>True when nothing but blanks is there.</summary>
    public bool IsBlank
    {
        get
        {
            foreach (var item in _items)
            {
                if (item is not TextRun run || !string.IsNullOrWhiteSpace(run.Text)) return false;
            }
            for (var i = 0; i < _text.Length; i++)
            {
                if (!char.IsWhiteSpace(_text[i])) return false;
            }
            return true;
        }
    }

    /// <summary>Last character so far; '\n' after a break and at the start, '\uFFFC' after another node.</summary>
    public char Last => _text.Length > 0 ? _text[^1] : _items.Count == 0 || _items[^1] is LineBreak ? '\n' : _items[^1] is TextRun t ? t.Text[^1] : '\uFFFC';

    public void Text(ReadOnlySpan<char> text, Marks marks)
    {
        if (text.IsEmpty) return;
        if (_text.Length > 0 && !_marks.Equals(marks)) Flush();
        _marks = marks;
        _text.Append(text);
    }

    /// <summary>Text in which "\n" means a line break.</summary>
    public void Lines(ReadOnlySpan<char> text, Marks marks)
    {
        while (true)
        {
            var at = text.IndexOf('\n');
            if (at < 0)
            {
                Text(text, marks);
                return;
            }
            var line = text[..at];
            Text(line.EndsWith("\r") ? line[..^1] : line, marks);
            Add(new LineBreak());
            text = text[(at + 1)..];
        }
    }

    public void Add(RichInline inline)
    {
        if (inline is TextRun run)
        {
            Text(run.Text, run.Marks);
            return;
        }
        Flush();
        _items.Add(inline);
    }

    public void AddRange(IEnumerable<RichInline> inlines)
    {
        foreach (var inline in inlines) Add(inline);
    }

    public void TrimEnd()
    {
        Flush();
        while (_items.Count > 0)
        {
            if (_items[^1] is LineBreak)
            {
                _items.RemoveAt(_items.Count - 1);
            }
            else if (_items[^1] is TextRun run && char.IsWhiteSpace(run.Text[^1]) && !run.Marks.Has(MarkStyle.Code))
            {
                var text = run.Text.TrimEnd();
                if (text.Length > 0)
                {
                    _items[^1] = run with { Text = text };
                    return;
                }
                _items.RemoveAt(_items.Count - 1);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>What was collected; the builder is empty afterwards.</summary>
    public NodeList<RichInline> Take()
    {
        Flush();
        var result = _items.ToNodeList();
        _items.Clear();
        return result;
    }

    private void Flush()
    {
        if (_text.Length == 0) return;
        _items.Add(new TextRun(_text.ToString(), _marks));
        _text.Clear();
    }
}
