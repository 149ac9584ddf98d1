namespace Exalate.Console.Shared;

/// <summary>Which addresses a browser may be sent to.</summary>
internal static class WebAddress
{
    /// <summary>True for absolute http and https addresses; never for <c>javascript:</c>, <c>data:</c> and the like.</summary>
    public static bool IsWeb(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
