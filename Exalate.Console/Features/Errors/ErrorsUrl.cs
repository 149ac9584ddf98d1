using System.Globalization;
using Exalate.Core.Sync.Errors;

namespace Exalate.Console.Features.Errors;

/// <summary>Filter, page and the one error that is shown, as the address says them.</summary>
/// <param name="Page">From 1.</param>
/// <param name="Error">The id of a single error; the filter then does not matter.</param>
public sealed record ErrorsUrl(ErrorFilter Filter, int Page = 1, string? Error = null)
{
    public const string List = "/errors";

    /// <summary>What can't be read counts as not said.</summary>
    public static ErrorsUrl Read(string? scope, string? connection, string? text, string? waiting, string? page, string? error) => new(
        new ErrorFilter(
            Enum.TryParse<ErrorScope>(scope, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null,
            Guid.TryParse(connection, out var id) ? id : null,
            string.IsNullOrWhiteSpace(text) ? null : text,
            waiting == "you"),
        int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 1,
        string.IsNullOrEmpty(error) ? null : error);

    /// <summary>Another filter starts at its first page.</summary>
    public ErrorsUrl With(ErrorFilter filter) => new(filter);

    public override string ToString()
    {
        if (Error is not null)
            return $"{List}?error={Uri.EscapeDataString(Error)}";
        var parts = new List<string>();
        if (Filter.Scope is { } scope)
            parts.Add($"scope={scope.ToString().ToLowerInvariant()}");
        if (Filter.ConnectionId is { } connection)
            parts.Add($"connection={connection:N}");
        if (Filter.Text is { } text)
            parts.Add($"text={Uri.EscapeDataString(text)}");
        if (Filter.WaitingForAdmin)
            parts.Add("waiting=you");
        if (Page > 1)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"page={Page}"));
        return parts.Count == 0 ? List : $"{List}?{string.Join('&', parts)}";
    }
}
