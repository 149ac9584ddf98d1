using Exalate.Core.Connections;

namespace Exalate.Console.Features.Connections;

/// <summary>Which rows of the Connections tab are shown, as the address says it.</summary>
/// <param name="Text">Part of a name, of the partner's short name or of its address; null: all.</param>
/// <param name="HasProblem">Only those whose row says a problem.</param>
public sealed record ConnectionsFilter(string? Text = null, bool HasProblem = false)
{
    /// <summary>Fewer rows are seen at a glance.</summary>
    public const int WorthIt = 10;

    public static ConnectionsFilter Read(string? text, string? problem) => new(string.IsNullOrWhiteSpace(text) ? null : text.Trim(), problem == "yes");

    public bool Matches(ConnectionView connection) =>
        (Text is null || Has(connection.Name) || Has(connection.RemoteShortName) || Has(connection.RemoteUrl))
        && (!HasProblem || connection.Problem is not null || connection.Problems > 0);

    public override string ToString()
    {
        var parts = new List<string>();
        if (Text is not null)
            parts.Add($"text={Uri.EscapeDataString(Text)}");
        if (HasProblem)
            parts.Add("problem=yes");
        return parts.Count == 0 ? ConnectionsUrl.List : $"{ConnectionsUrl.List}?{string.Join('&', parts)}";
    }

    private bool Has(string? value) => value?.Contains(Text!, StringComparison.OrdinalIgnoreCase) == true;
}
