namespace Exalate.Core.RichText;

/// <summary>Signs in front of list items that are part of the markup, not of the text.</summary>
internal static class HtmlSigns
{
    /// <summary>Takes the sign out of a list paragraph of Word ("mso-list:Ignore") and returns it.</summary>
    public static string TakeSign(HtmlElement element)
    {
        foreach (var child in element.Children.OfType<HtmlElement>().ToList())
        {
            if (child["style"]?.Contains("mso-list:", StringComparison.OrdinalIgnoreCase) == true
                && child["style"]!.Contains("ignore", StringComparison.OrdinalIgnoreCase))
            {
                element.Children.Remove(child);
                return child.InnerText();
            }
            if (TakeSign(child) is { Length: > 0 } sign) return sign;
        }
        return "";
    }

    /// <summary>State of the checkbox an item begins with; null when there is none.</summary>
    public static bool? Checkbox(HtmlElement item)
    {
        foreach (var child in item.Children)
        {
            if (child is HtmlText text && string.IsNullOrWhiteSpace(text.Text)) continue;
            if (child is HtmlElement { Name: "input" } input && string.Equals(input["type"], "checkbox", StringComparison.OrdinalIgnoreCase))
                return input["checked"] is not null;
            return child is HtmlElement { Name: "p" or "label" or "span" or "div" } inner ? Checkbox(inner) : null;
        }
        return null;
    }
}

/// <summary>Code blocks in HTML.</summary>
internal static class HtmlCode
{
    public static CodeBlock Read(HtmlElement pre)
    {
        var text = new System.Text.StringBuilder();
        Collect(pre, text);
        var code = text.Replace("\r\n", "\n").Replace('\r', '\n').ToString();
        // A line break right behind the tag is not shown.
        if (code.StartsWith('\n')) code = code[1..];
        if (code.EndsWith('\n')) code = code[..^1];
        return new CodeBlock(code, Language(pre) ?? pre.Children.OfType<HtmlElement>().Select(Language).FirstOrDefault(l => l is not null));
    }

    private static string? Language(HtmlElement element)
    {
        if (element["data-language"] is { Length: > 0 and < 50 } language) return language;
        foreach (var name in element["class"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (name.StartsWith("language-", StringComparison.Ordinal) && name.Length is > 9 and < 60) return name[9..];
            if (name.StartsWith("lang-", StringComparison.Ordinal) && name.Length is > 5 and < 60) return name[5..];
        }
        return null;
    }

    private static void Collect(HtmlElement element, System.Text.StringBuilder text)
    {
        foreach (var child in element.Children)
        {
            if (child is HtmlText run) text.Append(run.Text);
            else if (child is HtmlElement { Name: "br" }) text.Append('\n');
            else if (child is HtmlGraft graft) text.Append(graft.Text);
            else if (child is HtmlElement inner)
            {
                var line = inner.Name is "div" or "p" or "li";
                if (line && text.Length > 0 && text[^1] != '\n') text.Append('\n');
                Collect(inner, text);
                if (line && text.Length > 0 && text[^1] != '\n') text.Append('\n');
            }
        }
    }
}
