using System.Text;

namespace Exalate.Core.RichText;

/// <summary>
/// Reads what stands inside one block of Markdown (https://spec.commonmark.org/0.31.2/#phase-2-inline-structure, GitHub's bare links and
/// strike-through). The text is cut into items once; formats are ranges of items, laid over them at the end. Linear in the text.
/// </summary>
internal sealed partial class MdInlineParser(RichTextHooks hooks, MarkdownFlavor flavor, MdLinkDefinitions definitions)
{
    private const int MaxBrackets = 20_000;

    /// <summary>A piece of the line: text, or a finished inline. Delimiters are items too, whose unused signs stay as text.</summary>
    private sealed class Item(string text, RichInline? inline = null)
    {
        public string Text { get; set; } = text;

        public RichInline? Inline { get; } = inline;
    }

    private sealed class Delimiter(int item, char sign, int count, bool opens, bool closes)
    {
        public int Item => item;

        public char Sign => sign;

        public int Count { get; set; } = count;

        public int Original { get; } = count;

        public bool Opens => opens;

        public bool Closes => closes;
    }

    private readonly record struct Bracket(int Item, int TextStart, bool IsImage, int Delimiters);

    private readonly List<Item> _items = [];
    private readonly List<Delimiter> _delimiters = [];
    private readonly List<Bracket> _brackets = [];
    private readonly MdRanges _ranges = new();
    private readonly StringBuilder _plain = new();
    private string _text = "";
    private int _at;
    private int _deadBrackets;
    private MdBackticks _backticks = null!;

    private void Next()
    {
        var c = _text[_at];
        switch (c)
        {
            case '\\':
                Backslash();
                break;
            case '\n':
                NewLine();
                break;
            case '`':
                Code();
                break;
            case '*' or '_' or '~':
                Run(c);
                break;
            case '!' when _at + 1 < _text.Length && _text[_at + 1] == '[':
                OpenBracket(image: true);
                break;
            case '[':
                OpenBracket(image: false);
                break;
            case ']':
                CloseBracket();
                break;
            case '<':
                Angle();
                break;
            case '&':
                EntityOr(c);
                break;
            case '@' when flavor == MarkdownFlavor.Azure && Person():
                break;
            case '#' or '!' or '$' when flavor == MarkdownFlavor.Azure && MdAzure.LengthAt(_text, _at) is > 0 and var length:
                Atom(MdAzure.Inline(_text.Substring(_at, length)));
                _at += length;
                break;
            default:
                if (BareLink(c)) break;
                _plain.Append(c);
                _at++;
                break;
        }
    }

    private void Backslash()
    {
        if (_at + 1 < _text.Length && _text[_at + 1] == '\n')
        {
            Atom(new LineBreak());
            _at += 2;
            SkipBlanks();
        }
        else if (_at + 1 < _text.Length && MdText.IsAsciiPunctuation(_text[_at + 1]))
        {
            _plain.Append(_text[_at + 1]);
            _at += 2;
        }
        else
        {
            _plain.Append('\\');
            _at++;
        }
    }

    private void NewLine()
    {
        var blanks = 0;
        while (_plain.Length > 0 && _plain[^1] == ' ')
        {
            _plain.Length--;
            blanks++;
        }
        if (blanks >= 2 || flavor == MarkdownFlavor.Azure) Atom(new LineBreak());
        else _plain.Append(' ');
        _at++;
        SkipBlanks();
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t') _at++;
    }

    private void Code()
    {
        var (end, width) = _backticks.Closing(_at);
        if (end < 0)
        {
            _plain.Append('`', width);
            _at += width;
            return;
        }
        var code = _text[(_at + width)..end].Replace('\n', ' ');
        if (code.Length > 1 && code[0] == ' ' && code[^1] == ' ' && code.AsSpan().ContainsAnyExcept(' ')) code = code[1..^1];
        Atom(new TextRun(code, MarkStyle.Code));
        _at = end + width;
    }

    private void Run(char sign)
    {
        var start = _at;
        while (_at < _text.Length && _text[_at] == sign) _at++;
        var count = _at - start;
        FlushPlain();
        var before = start == 0 ? '\n' : _text[start - 1];
        var after = _at == _text.Length ? '\n' : _text[_at];
        if (sign == '~' && count > 2)
        {
            _plain.Append('~', count);
            return;
        }
        var left = !char.IsWhiteSpace(after) && (!MdText.IsPunctuation(after) || char.IsWhiteSpace(before) || MdText.IsPunctuation(before));
        var right = !char.IsWhiteSpace(before) && (!MdText.IsPunctuation(before) || char.IsWhiteSpace(after) || MdText.IsPunctuation(after));
        var opens = sign == '_' ? left && (!right || MdText.IsPunctuation(before)) : left;
        var closes = sign == '_' ? right && (!left || MdText.IsPunctuation(after)) : right;
        if (opens || closes) _delimiters.Add(new Delimiter(_items.Count, sign, count, opens, closes));
        _items.Add(new Item(_text[start.._at]));
    }

    // The specification's procedure: for each closing run the nearest opening one; what did not fit is not looked at again.
    private void Emphasis(int bottom)
    {
        var openers = new List<int>();
        var floor = new Dictionary<(char, bool, int), int>();
        for (var i = bottom; i < _delimiters.Count; i++)
        {
            var closer = _delimiters[i];
            if (closer.Closes)
            {
                var key = (closer.Sign, closer.Opens, closer.Original % 3);
                while (closer.Count > 0)
                {
                    var found = FindOpener(openers, closer, floor.GetValueOrDefault(key));
                    if (found < 0)
                    {
                        floor[key] = openers.Count;
                        break;
                    }
                    Join(_delimiters[openers[found]], closer);
                    var keep = _delimiters[openers[found]].Count > 0 ? found + 1 : found;
                    openers.RemoveRange(keep, openers.Count - keep);
                    foreach (var other in floor.Keys.ToArray()) floor[other] = Math.Min(floor[other], openers.Count);
                }
            }
            if (closer.Opens && closer.Count > 0) openers.Add(i);
        }
        _delimiters.RemoveRange(bottom, _delimiters.Count - bottom);
    }

    private int FindOpener(List<int> openers, Delimiter closer, int floor)
    {
        for (var k = openers.Count - 1; k >= floor; k--)
        {
            var opener = _delimiters[openers[k]];
            if (opener.Sign != closer.Sign) continue;
            if (opener.Sign == '~')
            {
                if (opener.Count == closer.Count) return k;
                continue;
            }
            var odd = (opener.Closes || closer.Opens) && closer.Original % 3 != 0 && (opener.Original + closer.Original) % 3 == 0;
            if (!odd) return k;
        }
        return -1;
    }

    private void Join(Delimiter opener, Delimiter closer)
    {
        var strong = opener.Count >= 2 && closer.Count >= 2;
        var used = opener.Sign == '~' ? opener.Count : strong ? 2 : 1;
        var style = opener.Sign == '~' ? MarkStyle.Strike : strong ? MarkStyle.Bold : MarkStyle.Italic;
        _ranges.Add(opener.Item + 1, closer.Item, new MdFormat { Style = style });
        opener.Count -= used;
        closer.Count -= used;
        _items[opener.Item].Text = new string(opener.Sign, opener.Count);
        _items[closer.Item].Text = new string(closer.Sign, closer.Count);
    }

    private void EntityOr(char c)
    {
        if (MdText.Entity(_text, _at, out var length) is { } decoded)
        {
            _plain.Append(decoded);
            _at += length;
            return;
        }
        _plain.Append(c);
        _at++;
    }

    private void Atom(RichInline inline)
    {
        FlushPlain();
        _items.Add(new Item("", inline));
    }

    private void FlushPlain()
    {
        if (_plain.Length == 0) return;
        _items.Add(new Item(_plain.ToString()));
        _plain.Clear();
    }
}
