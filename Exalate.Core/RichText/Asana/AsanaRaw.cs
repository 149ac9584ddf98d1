using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Tags that the model does not know: kept as text, and checked before they are sent again.</summary>
internal static class AsanaRaw
{
    private static readonly HashSet<string> Never =
        ["script", "style", "iframe", "embed", "form", "input", "button", "select", "textarea", "meta", "link", "base", "frame", "frameset", "applet", "video", "audio", "svg", "math"];

    public static bool MayStay(HtmlElement element) =>
        !Never.Contains(element.Name) && IsName(element.Name) && !element.Name.Contains(':', StringComparison.Ordinal)
        && element.Children.All(c => c is not HtmlElement inner || MayStay(inner));

    public static string Write(HtmlElement element)
    {
        var text = new StringBuilder();
        Write(element, text);
        return text.ToString();
    }

    /// <summary>The fragment again, well formed and without anything that runs; null when it is not one element that may stay.</summary>
    public static string? Checked(string raw)
    {
        if (raw.Length > 100_000) return null;
        var root = HtmlTree.Parse(raw);
        return root.Children is [HtmlElement element] && MayStay(element) ? Write(element) : null;
    }

    private static void Write(HtmlElement element, StringBuilder text)
    {
        text.Append('<').Append(element.Name);
        var seen = new HashSet<string>();
        foreach (var (name, value) in element.Attributes)
        {
            if (!IsName(name) || name.StartsWith("on", StringComparison.Ordinal) || name == "style" || !seen.Add(name)) continue;
            if (SafeLink.IsDangerous(value) || (name is "href" or "src" or "data" && SafeLink.Clean(value) is null)) continue;
            text.Append(' ').Append(name).Append("=\"");
            TagWriter.Escape(text, value, attribute: true);
            text.Append('"');
        }
        if (element.Children.Count == 0)
        {
            text.Append("/>");
            return;
        }
        text.Append('>');
        foreach (var child in element.Children)
        {
            if (child is HtmlText run) TagWriter.Escape(text, run.Text);
            else if (child is HtmlElement inner) Write(inner, text);
        }
        text.Append("</").Append(element.Name).Append('>');
    }

    private static bool IsName(string name)
    {
        if (name.Length is 0 or > 60 || !char.IsAsciiLetter(name[0])) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_')) return false;
        }
        return true;
    }
}
