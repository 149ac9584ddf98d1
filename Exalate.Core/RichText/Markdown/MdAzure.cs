namespace Exalate.Core.RichText;

/// <summary>
/// What Azure DevOps alone makes something of: numbers of work items and pull requests, formulas, the table of contents, queries. Kept as it is
/// for that Markdown; everywhere else its text is shown. Text that only looks like it is escaped, so that it leads to nothing of a stranger.
/// </summary>
internal static class MdAzure
{
    public const string Dialect = "azure-markdown";

    private const int MaxFormula = 2_000;

    /// <summary>Length of "#123", "!45" or "$x^2$" at this place; 0 when there is none.</summary>
    public static int LengthAt(string text, int at) => text[at] == '$' ? Formula(text, at) : Number(text, at);

    /// <summary>True where running text would be taken for one of these.</summary>
    public static bool NeedsBackslash(char previous, char c, char next) => c switch
    {
        '#' or '!' => char.IsAsciiDigit(next) && !IsWord(previous),
        '$' => !char.IsWhiteSpace(next),
        _ => false,
    };

    public static OpaqueInline Inline(string raw) => new(Dialect, raw, raw);

    /// <summary>The piece again, when it is nothing but one of these: it may come from a partner.</summary>
    public static string? Checked(OpaqueInline inline) =>
        inline.Dialect == Dialect && inline.Raw is { Length: > 1 } raw && raw[0] is '#' or '!' or '$' && LengthAt(raw, 0) == raw.Length ? raw : null;

    /// <summary>A paragraph that stands for something Azure DevOps makes, else null.</summary>
    public static OpaqueBlock? Block(string paragraph) =>
        IsBlock(paragraph.Trim()) ? new OpaqueBlock(Dialect, paragraph.Trim(), RichDocument.FromPlainText(paragraph.Trim()).Nodes) : null;

    public static string? Checked(OpaqueBlock block) => block.Dialect == Dialect && IsBlock(block.Raw) ? block.Raw : null;

    private static bool IsBlock(string raw)
    {
        if (raw is "[[_TOC_]]" or "[[_TOSP_]]") return true;
        if (!raw.StartsWith(":::", StringComparison.Ordinal) || raw.Length > 200) return false;
        var lines = raw.Split('\n');
        return lines.Length == 2 && lines[1].Trim() == ":::" && lines[0][3..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["query-table", var id] && Guid.TryParse(id, out _);
    }

    private static int Number(string text, int at)
    {
        if (at > 0 && IsWord(text[at - 1])) return 0;
        var end = at + 1;
        while (end < text.Length && end - at < 11 && char.IsAsciiDigit(text[end])) end++;
        return end == at + 1 || (end < text.Length && IsWord(text[end])) ? 0 : end - at;
    }

    // As GitHub and Azure DevOps tell formulas from prices: no blanks inside the signs, no digit behind them.
    private static int Formula(string text, int at)
    {
        var sign = at + 1 < text.Length && text[at + 1] == '$' ? "$$" : "$";
        var start = at + sign.Length;
        if (start >= text.Length || (sign.Length == 1 && char.IsWhiteSpace(text[start]))) return 0;
        var end = text.IndexOf(sign, start, Math.Min(MaxFormula, text.Length - start), StringComparison.Ordinal);
        if (end <= start || (sign.Length == 1 && (char.IsWhiteSpace(text[end - 1]) || text.AsSpan(start, end - start).Contains('\n')))) return 0;
        if (text.AsSpan(start, end - start).ContainsAny('\n', '`')) return 0;
        end += sign.Length;
        return end < text.Length && IsWord(text[end]) ? 0 : end - at;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '#' or '&';
}
