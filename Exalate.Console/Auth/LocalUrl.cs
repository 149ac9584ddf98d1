namespace Exalate.Console.Auth;

/// <summary>Where a sign-in may lead: to a page of this console, never to another site.</summary>
internal static class LocalUrl
{
    /// <summary>The URL itself when it is local ("/connections?tab=rules"), else "/".</summary>
    public static string OrStart(string? url) => IsLocal(url) && !LeadsBackToSignIn(url!) ? url! : "/";

    // "//host", "/\host" and control characters are ways to make a browser leave.
    private static bool IsLocal(string? url) =>
        url is { Length: > 0 and <= 2000 } && url[0] == '/' && (url.Length == 1 || (url[1] != '/' && url[1] != '\\')) && !url.Any(char.IsControl);

    private static bool LeadsBackToSignIn(string url) =>
        url.StartsWith("/sign-in", StringComparison.OrdinalIgnoreCase) || url.StartsWith("/sign-out", StringComparison.OrdinalIgnoreCase)
        || url.StartsWith("/setup", StringComparison.OrdinalIgnoreCase);
}
