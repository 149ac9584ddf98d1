using System.Globalization;
using System.Text;

namespace Exalate.Core.RichText;

/// <summary>JSON strings that escape half of a character ("\\ud83d" alone), which readers of JSON refuse as a whole.</summary>
internal static class HalfCharacters
{
    /// <param name="raw">With the quotes, as a reader of JSON has found it well formed.</param>
    public static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 1; i < raw.Length - 1; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            i++;
            if (raw[i] != 'u')
            {
                text.Append(raw[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var c => c });
                continue;
            }
            text.Append((char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            i += 4;
        }
        return TextClean.Line(text.ToString());
    }
}
