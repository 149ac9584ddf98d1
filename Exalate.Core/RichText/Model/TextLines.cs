namespace Exalate.Core.RichText;

/// <summary>
/// Cuts text into lines at "\n", "\r\n" and "\r" alone, as editors and Markdown do: the separators of Unicode are characters like others.
/// </summary>
internal static class TextLines
{
    /// <summary>The first line; what follows it stays in <paramref name="rest"/>. A break at the very end opens no further line.</summary>
    public static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny('\n', '\r');
        var line = end < 0 ? rest : rest[..end];
        if (end < 0) rest = [];
        else rest = rest[(end + (rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n' ? 2 : 1))..];
        return line;
    }
}
