using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Exalate.Sandbox.Faults;

/// <summary>When a fault strikes.</summary>
internal enum FaultMoment
{
    /// <summary>Instead of the effect.</summary>
    Before,

    /// <summary>The effect happens, its answer is lost.</summary>
    After,
}

/// <summary>One ordered failure of a tracker's API; see the sandbox's README.</summary>
internal sealed class FaultRule
{
    public required int Id { get; init; }

    public string? Method { get; init; }

    public required Regex Path { get; init; }

    /// <summary>Strikes only programs whose User-Agent begins so; null: everybody.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Null: the connection is cut (or, with a delay alone, the request goes on).</summary>
    public int? Status { get; init; }

    public int Remaining { get; set; } = 1;

    public TimeSpan Delay { get; init; }

    public FaultMoment When { get; init; }

    public bool Abort { get; init; }

    public JsonNode? Body { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public bool Matches(string method, string pathAndQuery, string userAgent) =>
        Remaining > 0
        && (UserAgent is null || userAgent.StartsWith(UserAgent, StringComparison.OrdinalIgnoreCase))
        && (Method is null || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && Path.IsMatch(pathAndQuery);
}
