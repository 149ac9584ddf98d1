namespace Exalate.Console.Hosting;

/// <summary>Addresses as Kestrel writes them, turned into what people and rules need.</summary>
internal static class ListenAddress
{
    /// <summary>"http://0.0.0.0:80", "http://[::]:80" and "http://*:80" are no addresses to open: localhost instead.</summary>
    public static string ForBrowser(string address)
    {
        var wildcard = new[] { "//0.0.0.0", "//[::]", "//*", "//+" }.FirstOrDefault(any => address.Contains(any, StringComparison.Ordinal));
        return (wildcard is null ? address : address.Replace(wildcard, "//localhost", StringComparison.Ordinal)).TrimEnd('/');
    }

    /// <summary>True when others on the network can reach it without encryption.</summary>
    public static bool IsOpenAndPlain(string address) =>
        Uri.TryCreate(ForBrowser(address), UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp
        && !(uri.IsLoopback && ForBrowser(address) == address.TrimEnd('/'));
}
