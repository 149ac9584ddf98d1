using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Exalate.Core.Trackers.Calls;

/// <summary>Finds what a vendor said in an error body, whatever its shape.</summary>
/// <remarks>
/// Jira: <c>{"errorMessages":[…],"errors":{"field":"…"}}</c>, the same without <c>errors</c>, and problem+json (<c>title</c>, <c>detail</c>).
/// Asana: <c>{"errors":[{"message":"…","phrase":"…"}]}</c>. Gateways in front of either: a line of text or a page.
/// </remarks>
internal static partial class VendorWords
{
    private const int MaxLength = 2000;

    /// <summary>Null when the body says nothing.</summary>
    internal static string? Read(byte[] body)
    {
        var said = JsonReading.TryParse(body, out var json) ? FromJson(json) : FromText(Encoding.UTF8.GetString(body));
        return string.IsNullOrWhiteSpace(said) ? null : Shorten(Whitespace().Replace(said, " ").Trim(), MaxLength);
    }

    internal static string Shorten(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private static string? FromJson(JsonNode? json)
    {
        var parts = new List<string?>();
        parts.AddRange(json.Items("errorMessages").Select(m => m.Text()));
        if (json.At("errors") is JsonObject byField)
        {
            parts.AddRange(byField.Select(e => e.Value.Text() is { } message ? $"{e.Key}: {message}" : null));
        }

        parts.AddRange(json.Items("errors").Select(e => e.Text("phrase") is { } phrase ? $"{e.Text("message")} ({phrase})" : e.Text("message")));
        parts.AddRange(json.Items("messages").Select(m => m.Text("key") ?? m.Text()));
        if (parts.Count == 0)
        {
            parts.Add(json.Text("detail") ?? json.Text("message") ?? json.Text("error_description") ?? json.Text("error") ?? json.Text("title"));
        }

        return string.Join("; ", parts.Where(p => !string.IsNullOrWhiteSpace(p)));
    }

    private static string FromText(string text)
    {
        var title = Title().Match(text);
        return title.Success ? title.Groups[1].Value : text.TrimStart().StartsWith('<') ? string.Empty : Shorten(text, 300);
    }

    [GeneratedRegex(@"<title[^>]*>(.{1,300}?)</title>", RegexOptions.IgnoreCase | RegexOptions.Singleline, 1000)]
    private static partial Regex Title();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Whitespace();
}
