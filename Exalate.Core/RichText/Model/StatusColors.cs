namespace Exalate.Core.RichText;

internal static class StatusColors
{
    public static string Known(string? color) => color is "purple" or "blue" or "red" or "yellow" or "green" ? color : "neutral";
}

/// <summary>Pictures too small to be seen are there to report who opened the page.</summary>
internal static class TrackingPixel
{
    private const int MaxSide = 2;

    public static bool Is(int? width, int? height) => width is <= MaxSide || height is <= MaxSide;
}
