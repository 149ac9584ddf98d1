namespace Exalate.Core.Sync;

/// <summary>A link that came from the partner and goes into a page.</summary>
internal static class PeerLink
{
    private const int MaxLength = 2000;

    /// <summary>The link when it is an address of the web, else null: nothing else may be clicked.</summary>
    public static string? Safe(string? link) =>
        link is { Length: <= MaxLength } && Uri.TryCreate(link, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? link
            : null;
}
