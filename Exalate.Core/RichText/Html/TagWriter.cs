using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Writes runs of text with nested tags: neighbouring runs share the tags they have in common.</summary>
internal sealed class TagWriter(StringBuilder text)
{
    private readonly List<(string Open, string Close)> _open = [];

    /// <summary>Makes exactly these tags, outermost first, the open ones.</summary>
    public void Open(List<(string Open, string Close)> tags)
    {
        var same = 0;
        while (same < tags.Count && same < _open.Count && tags[same] == _open[same]) same++;
        for (var i = _open.Count - 1; i >= same; i--) text.Append(_open[i].Close);
        _open.RemoveRange(same, _open.Count - same);
        for (var i = same; i < tags.Count; i++)
        {
            text.Append(tags[i].Open);
            _open.Add(tags[i]);
        }
    }

    public void CloseAll() => Open([]);

    /// <summary>Text as it must be written in XML and HTML; control characters are left out.</summary>
    public static void Escape(StringBuilder into, string text, bool attribute = false)
    {
        foreach (var c in TextClean.Line(text))
        {
            switch (c)
            {
                case '&':
                    into.Append("&amp;");
                    break;
                case '<':
                    into.Append("&lt;");
                    break;
                case '>':
                    into.Append("&gt;");
                    break;
                case '"' when attribute:
                    into.Append("&quot;");
                    break;
                case '\n' when attribute:
                    into.Append("&#10;");
                    break;
                default:
                    into.Append(c);
                    break;
            }
        }
    }

    public static string Escaped(string text, bool attribute = false)
    {
        var into = new StringBuilder(text.Length + 16);
        Escape(into, text, attribute);
        return into.ToString();
    }
}
