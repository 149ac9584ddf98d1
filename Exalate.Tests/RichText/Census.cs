using System.Text.RegularExpressions;
using Exalate.Core.RichText;

namespace Exalate.Tests.RichText;

/// <summary>Counts what is in a document, so that a conversion can be judged against what went in.</summary>
internal sealed class Census
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly System.Text.StringBuilder _text = new();
    private readonly HashSet<string> _words = new(StringComparer.Ordinal);

    public static Census Of(RichDocument document)
    {
        var census = new Census();
        foreach (var block in document.Blocks) census.Block(block);
        return census;
    }

    public int this[string construct] => _counts.GetValueOrDefault(construct);

    /// <summary>Letters and digits alone, in order.</summary>
    public string Letters => new(_text.ToString().Where(char.IsLetterOrDigit).ToArray());

    /// <summary>What people read: words of letters and digits, each once.</summary>
    public IReadOnlyCollection<string> Words => _words;

    public bool Has(string word) => _text.ToString().Contains(word, StringComparison.Ordinal);

    /// <summary>The generator's words ("w12q", "t3q", "z9q"): each is in a document once.</summary>
    public List<string> UniqueWords => Regex.Matches(_text.ToString(), @"[wtz]\d+q").Select(m => m.Value).ToList();

    public IEnumerable<string> Keys => _counts.Keys;

    public override string ToString() => string.Join(", ", _counts.Select(c => $"{c.Key} {c.Value}"));

    private void Count(string construct, int by = 1) => _counts[construct] = _counts.GetValueOrDefault(construct) + by;

    private void Block(RichBlock block)
    {
        switch (block)
        {
            case Paragraph p:
                Line(p.Content);
                break;
            case Heading h:
                Count("heading");
                Count("heading" + h.Level);
                Line(h.Content);
                break;
            case ListBlock list:
                Count(list.Kind + " item", list.Items.Count);
                if (list.Kind == ListKind.Task) Count("done", list.Items.Count(i => i.Checked == true));
                foreach (var item in list.Items) All(item.Content);
                break;
            case Quote quote:
                Count("quote");
                All(quote.Content);
                break;
            case CodeBlock code:
                Count("code block");
                if (code.Language is not null) Count("language");
                _text.Append(code.Code).Append(' ');
                break;
            case Rule:
                Count("rule");
                break;
            case Table table:
                Count("table");
                foreach (var cell in table.Rows.SelectMany(r => r.Cells))
                {
                    Count("cell");
                    if (cell.Header) Count("header cell");
                    if (cell.ColSpan > 1 || cell.RowSpan > 1) Count("span");
                    All(cell.Content);
                }
                break;
            case ImageBlock image:
                Inline(image.Image);
                break;
            case Panel panel:
                Count("panel");
                Count("panel " + panel.Kind);
                _text.Append(panel.Title).Append(' ');
                All(panel.Content);
                break;
            case Expand expand:
                Count("expand");
                _text.Append(expand.Title).Append(' ');
                All(expand.Content);
                break;
            case OpaqueBlock opaque:
                Count("opaque");
                All(opaque.Fallback);
                break;
        }
        _text.Append('\n');
    }

    private void All(IEnumerable<RichBlock> blocks)
    {
        foreach (var block in blocks) Block(block);
    }

    private void Line(IEnumerable<RichInline> line)
    {
        foreach (var inline in line) Inline(inline);
        _text.Append('\n');
    }

    private void Inline(RichInline inline)
    {
        var start = _text.Length;
        Text(inline);
        foreach (Match word in Regex.Matches(_text.ToString(start, _text.Length - start), @"[\p{L}\p{N}]+")) _words.Add(word.Value);
    }

    private void Text(RichInline inline)
    {
        switch (inline)
        {
            case TextRun run:
                _text.Append(run.Text);
                var size = run.Text.Count(char.IsLetterOrDigit);
                foreach (var style in Enum.GetValues<MarkStyle>())
                {
                    if (style != MarkStyle.None && run.Marks.Has(style)) Count(style.ToString(), size);
                }
                if (run.Marks.Href is not null) Count("link", size);
                if (run.Marks.Color is not null) Count("colour", size);
                if (run.Marks.Background is not null) Count("background", size);
                return;
            case LineBreak:
                Count("break");
                _text.Append('\n');
                return;
        }
        _text.Append(inline switch
        {
            Image image => " " + image.Label + " ",
            Mention mention => mention.Name,
            Emoji emoji => emoji.Text ?? emoji.ShortName,
            DateStamp date => date.Display,
            StatusLozenge status => status.Text,
            Card card => card.Url,
            OpaqueInline opaque => opaque.Text,
            _ => "",
        });
        Count(inline.GetType().Name);
    }
}
