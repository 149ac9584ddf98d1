using System.Diagnostics.CodeAnalysis;
using System.Net;
using Exalate.Core.Http;

namespace Exalate.Core.Settings;

/// <summary>Reads the web addresses that people type and paste.</summary>
internal static class WebAddress
{
    public const int MaxLength = 400;

    /// <summary>Origin of what was typed, path, query and slash removed: "b.example/connections?x=1" gives "https://b.example".</summary>
    /// <remarks>Without a scheme https is meant, on this machine http.</remarks>
    public static bool TryReadOrigin(string? typed, [NotNullWhen(true)] out string? origin, [NotNullWhen(false)] out string? problem)
    {
        origin = null;
        if (!TryRead(typed, out var uri, out problem))
        {
            return false;
        }

        origin = uri.GetLeftPart(UriPartial.Authority);
        return true;
    }

    /// <summary>As <see cref="TryReadOrigin"/>, but the path stays, without a slash at the end. Example: "https://dev.azure.com/acme".</summary>
    public static bool TryReadWithPath(string? typed, [NotNullWhen(true)] out string? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        if (!TryRead(typed, out var uri, out problem))
        {
            return false;
        }

        address = uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return true;
    }

    public static bool IsThisMachine(Uri uri) =>
        SystemHostResolver.IsLocalhost(uri.Host) || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool TryRead(string? typed, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? problem)
    {
        uri = null;
        var text = Clean(typed);
        if (text.Length is 0 or > MaxLength)
        {
            problem = text.Length == 0 ? "Enter an address, for example https://example.exalate.net." : $"An address has at most {MaxLength} characters.";
            return false;
        }

        if (Parse(text) is not { } parsed || parsed.Host.Length == 0 || text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '\\'))
        {
            problem = $"'{Shorten(text)}' is not a web address. Enter it like https://example.exalate.net.";
            return false;
        }

        problem = Objection(parsed);
        uri = problem is null ? parsed : null;
        return problem is null;
    }

    private static string? Objection(Uri uri)
    {
        if (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp)
        {
            return $"An address starts with https://, not with {uri.Scheme}:.";
        }

        if (uri.UserInfo.Length > 0)
        {
            return "The address carries a user name or password in front of the @. Remove it.";
        }

        return uri.Scheme == Uri.UriSchemeHttp && !IsThisMachine(uri)
            ? $"The address of '{uri.Host}' starts with http://, which would send secrets readable over the network. Enter it with https://."
            : null;
    }

    private static Uri? Parse(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var complete) ? complete : null;
        }

        // "mailto:x" has a scheme, "node.example:8443" has a port.
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && !text.StartsWith('[') && (colon + 1 == text.Length || !char.IsAsciiDigit(text[colon + 1])))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var other) ? other : null;
        }

        if (!Uri.TryCreate("https://" + text, UriKind.Absolute, out var secure))
        {
            return null;
        }

        return IsThisMachine(secure) && Uri.TryCreate("http://" + text, UriKind.Absolute, out var plain) ? plain : secure;
    }

    private static string Clean(string? typed) => (typed ?? "").Trim().Trim('"', '\'', '<', '>', '\u201c', '\u201d', '\u200b', '\ufeff').Trim();

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
