namespace Exalate.Sandbox.Http;

internal static class SafeLinks
{
    /// <summary>Whether an address from a document may become a link on a page.</summary>
    public static bool Is(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && !address.StartsWith('/')
            ? uri.Scheme is "http" or "https" or "mailto"
            : address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal);
}
