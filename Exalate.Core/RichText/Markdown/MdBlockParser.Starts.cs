using System.Globalization;

namespace Exalate.Core.RichText;

/// <summary>What can begin at the start of a line.</summary>
internal sealed partial class MdBlockParser
{
    // Opens what begins here; true when the line is used up.
    private bool Starts(ref int matched)
    {
        while (true)
        {
            var indent = Indent;
            if (IsBlank) return false;
            var inParagraph = matched == _open.Count && Tip.Kind == MdKind.Paragraph;
            if (indent >= 4)
            {
                if (Tip.Kind == MdKind.Paragraph || (Tip.Kind == MdKind.Indented && matched == _open.Count)) return false;
                CloseTo(matched);
                if (Tip.Kind == MdKind.Table) return false;
                Add(new MdBlock(MdKind.Indented));
                matched = _open.Count;
                return false;
            }
            var c = _line[_at + indent];
            if (c == '>' && _open.Count < MaxOpen)
            {
                CloseTo(matched);
                TakeQuote();
                Add(new MdBlock(MdKind.Quote));
                matched = _open.Count;
                continue;
            }
            if (c == '#' && Heading(indent, matched)) return true;
            if (c is '`' or '~' && Fence(indent, c, matched)) return true;
            if (azure && c is ':' or '$' && AzureFence(indent, matched)) return true;
            if (c == '<' && Html(indent, matched, inParagraph)) return true;
            if (inParagraph && Underline(indent, c)) return true;
            if (inParagraph && StartsTable()) return true;
            if (c is '*' or '-' or '_' && IsRule(_line.AsSpan(_at)))
            {
                CloseTo(matched);
                Add(new MdBlock(MdKind.Rule));
                CloseTo(_open.Count - 1);
                return true;
            }
            if (_open.Count < MaxOpen && Item(indent, ref matched, inParagraph)) continue;
            return false;
        }
    }

    private bool Heading(int indent, int matched)
    {
        var text = _line.AsSpan(_at + indent);
        var level = 0;
        while (level < text.Length && text[level] == '#') level++;
        if (level > 6 || (level < text.Length && text[level] is not (' ' or '\t'))) return false;
        var content = text[level..].Trim(" \t");
        var end = content.Length;
        while (end > 0 && content[end - 1] == '#') end--;
        if (end == 0) content = [];
        else if (end < content.Length && content[end - 1] is ' ' or '\t') content = content[..end].TrimEnd(" \t");
        CloseTo(matched);
        var heading = new MdBlock(MdKind.Heading) { Number = level };
        heading.Text.Append(content);
        Add(heading);
        CloseTo(_open.Count - 1);
        return true;
    }

    private bool Fence(int indent, char sign, int matched)
    {
        var text = _line.AsSpan(_at + indent);
        var width = 0;
        while (width < text.Length && text[width] == sign) width++;
        if (width < 3 || (sign == '`' && text[width..].Contains('`'))) return false;
        CloseTo(matched);
        Add(new MdBlock(MdKind.Fence) { Sign = sign, Width = width, Indent = indent, Info = MdText.Unescape(text[width..].Trim().ToString()) });
        return true;
    }

    // "::: mermaid" and "$$", each on a line of its own; the same signs alone end it.
    private bool AzureFence(int indent, int matched)
    {
        var text = _line.AsSpan(_at + indent).Trim(' ');
        var mermaid = text.StartsWith(":::", StringComparison.Ordinal) && text[3..].TrimStart(' ').Equals("mermaid", StringComparison.OrdinalIgnoreCase);
        if (!mermaid && text is not "$$") return false;
        CloseTo(matched);
        Add(new MdBlock(MdKind.Fence) { Sign = mermaid ? ':' : '$', Width = mermaid ? 3 : 2, Indent = indent, Info = mermaid ? "mermaid" : "math" });
        return true;
    }

    private bool Html(int indent, int matched, bool inParagraph)
    {
        var kind = MdHtml.Starts(_line.AsSpan(_at + indent));
        // A tag of no special kind does not interrupt a paragraph, nor one that goes on lazily.
        if (kind == 0 || (kind == 7 && (inParagraph || (matched < _open.Count && Tip.Kind == MdKind.Paragraph)))) return false;
        CloseTo(matched);
        Add(new MdBlock(MdKind.Html) { Number = kind });
        AddToLeaf();
        return true;
    }

    private bool Underline(int indent, char c)
    {
        if (c is not ('=' or '-')) return false;
        var text = _line.AsSpan(_at + indent).TrimEnd(" \t");
        if (text.ContainsAnyExcept(c)) return false;
        var paragraph = Tip;
        Definitions.TakeFrom(paragraph.Text);
        if (IsWhite(paragraph.Text)) return false;
        paragraph.Kind = MdKind.Heading;
        paragraph.Number = c == '=' ? 1 : 2;
        _open.RemoveAt(_open.Count - 1);
        return true;
    }

    private bool StartsTable()
    {
        if (MdTable.Aligns(_line.AsSpan(_at)) is not { } aligns) return false;
        var header = MdTable.Cells(Tip.Text.ToString(Tip.LastLine, Tip.Text.Length - Tip.LastLine));
        if (header.Count != aligns.Length) return false;
        Tip.Text.Length = Tip.LastLine;
        CloseTo(_open.Count - 1);
        Add(new MdBlock(MdKind.Table) { Aligns = aligns, Rows = [header] });
        return true;
    }

    private static bool IsRule(ReadOnlySpan<char> line)
    {
        var text = line.Trim(" \t");
        var count = 0;
        foreach (var c in text)
        {
            if (c == text[0]) count++;
            else if (c is not (' ' or '\t')) return false;
        }
        return count >= 3;
    }

    private bool Item(int indent, ref int matched, bool inParagraph)
    {
        if (!Marker(_line.AsSpan(_at + indent), out var width, out var sign, out var number)) return false;
        var after = _line.AsSpan(_at + indent + width);
        var empty = after.IsWhiteSpace();
        var paragraph = inParagraph || (matched < _open.Count && Tip.Kind == MdKind.Paragraph && Sibling(matched) is null);
        if (paragraph && (empty || (number is not null && number != 1))) return false;
        var blanks = 0;
        while (blanks < after.Length && after[blanks] == ' ') blanks++;
        if (empty || blanks > 4) blanks = 1;
        CloseTo(matched);
        // Of the list that is open at this place, a marker of the same sort makes the next item.
        if (Tip.Kind != MdKind.List || Tip.Sign != sign)
        {
            if (Tip.Kind == MdKind.List) CloseTo(_open.Count - 1);
            Add(new MdBlock(MdKind.List) { Sign = sign, Number = number ?? -1 });
        }
        Add(new MdBlock(MdKind.Item) { Width = indent + width + blanks });
        _at = Math.Min(_line.Length, _at + indent + width + blanks);
        matched = _open.Count;
        return true;
    }

    private MdBlock? Sibling(int matched) => matched > 0 && _open[matched - 1].Kind == MdKind.List ? _open[matched - 1] : null;

    private static bool Marker(ReadOnlySpan<char> text, out int width, out char sign, out int? number)
    {
        (width, sign, number) = (0, '\0', null);
        if (text[0] is '-' or '+' or '*')
        {
            (width, sign) = (1, text[0]);
        }
        else
        {
            var digits = 0;
            while (digits < text.Length && digits < 10 && char.IsAsciiDigit(text[digits])) digits++;
            if (digits is 0 or > 9 || digits >= text.Length || text[digits] is not ('.' or ')')) return false;
            number = int.Parse(text[..digits], CultureInfo.InvariantCulture);
            (width, sign) = (digits + 1, text[digits]);
        }
        return text.Length == width || text[width] is ' ' or '\t';
    }
}
