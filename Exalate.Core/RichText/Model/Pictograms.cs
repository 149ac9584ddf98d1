using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Pictograms that a page shows as small pictures, with the character as their alternative text.</summary>
internal static class Pictograms
{
    private const int MaxLength = 32;

    /// <summary>True for text of pictograms alone: the picture of them says nothing more.</summary>
    public static bool Are(string text)
    {
        if (text.Length is 0 or > MaxLength) return false;
        var any = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var sign = rune.Value is >= 0x1f000 and <= 0x1faff or >= 0x2600 and <= 0x27bf or >= 0x2b00 and <= 0x2bff or >= 0x2300 and <= 0x23ff or >= 0x2190 and <= 0x21ff;
            // Joined, coloured, or a flag made of tags.
            if (!sign && rune.Value is not (0x200d or 0xfe0f or 0x20e3 or >= 0xe0020 and <= 0xe007f)) return false;
            any |= sign;
        }
        return any;
    }
}
