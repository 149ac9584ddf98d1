using System.Globalization;

namespace Exalate.Core.RichText;

/// <summary>One line of a list as Word and Outlook write it: a paragraph that knows its level and its sign.</summary>
internal sealed record OutlookItem(int Level, int? Number, NodeList<RichInline> Content)
{
    /// <summary>The level of a paragraph that is a list item ("mso-list:l0 level2 lfo1"), else null.</summary>
    public static int? LevelOf(HtmlElement element)
    {
        var style = element["style"];
        var at = style?.IndexOf("mso-list:", StringComparison.OrdinalIgnoreCase) ?? -1;
        if (at < 0) return null;
        var level = style!.IndexOf("level", at, StringComparison.OrdinalIgnoreCase);
        if (level < 0) return null;
        var digits = style.AsSpan(level + 5);
        var end = 0;
        while (end < digits.Length && end < 2 && char.IsAsciiDigit(digits[end])) end++;
        return int.TryParse(digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? Math.Clamp(parsed, 1, 9) : null;
    }

    /// <summary>The number of a sign like "3." or "b)"; null for a bullet.</summary>
    public static int? NumberOf(string sign)
    {
        var text = sign.Trim(' ', '\u00a0', '\t', '\n', '\r', '(');
        if (text.Length < 2 || text[^1] is not ('.' or ')')) return null;
        var body = text[..^1];
        if (int.TryParse(body, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        return body.Length == 1 && char.IsAsciiLetter(body[0]) ? char.ToLowerInvariant(body[0]) - 'a' + 1 : body.All(c => "ivxlcIVXLC".Contains(c)) ? 1 : null;
    }
}

/// <summary>Builds nested lists of such lines.</summary>
internal sealed class OutlookLists
{
    private readonly List<OutlookItem> _items = [];

    public bool IsEmpty => _items.Count == 0;

    public void Add(OutlookItem item) => _items.Add(item);

    public List<RichBlock> Take()
    {
        var blocks = new List<RichBlock>();
        var at = 0;
        while (at < _items.Count) blocks.Add(List(ref at, _items[at].Level));
        _items.Clear();
        return blocks;
    }

    private ListBlock List(ref int at, int level)
    {
        var items = new List<ListItem>();
        var first = _items[at];
        while (at < _items.Count && _items[at].Level >= level)
        {
            var item = _items[at];
            if (item.Level > level)
            {
                var nested = List(ref at, item.Level);
                if (items.Count == 0) items.Add(new ListItem([nested]));
                else items[^1] = items[^1] with { Content = [.. items[^1].Content, nested] };
                continue;
            }
            if ((item.Number is null) != (first.Number is null) && items.Count > 0) break;
            items.Add(new ListItem([new Paragraph(item.Content)]));
            at++;
        }
        var ordered = first.Number is not null;
        return new ListBlock(ordered ? ListKind.Ordered : ListKind.Bullet, items.ToNodeList(), ordered ? Math.Max(1, first.Number!.Value) : 1);
    }
}
