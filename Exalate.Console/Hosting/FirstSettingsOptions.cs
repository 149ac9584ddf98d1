using Exalate.Core.Http;
using Exalate.Core.Settings;
using Exalate.Core.Trackers;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Hosting;

/// <summary>
/// Sections <c>Exalate:Node</c> and <c>Exalate:Tracker</c>: the first settings of a node. They fill an empty database once; from then on
/// General Settings rules and these are ignored. Everything may be left out.
/// </summary>
public sealed class FirstSettingsOptions
{
    public const string Section = "Exalate";

    public NodeSection Node { get; set; } = new();

    public TrackerSection Tracker { get; set; } = new();

    public sealed class NodeSection
    {
        /// <summary>Example: "Jira node of Acme".</summary>
        public string? Name { get; set; }

        /// <summary>1-30 letters, digits, '_' or '-'. Example: "acme".</summary>
        public string? ShortName { get; set; }

        /// <summary>Where partners reach this node. Example: "https://exalate.acme.example". Empty: the node is private.</summary>
        public string? ExalateUrl { get; set; }

        /// <summary>Networks that may be called although they are not public, separated by comma or blank. Example: "10.0.0.0/8, ::1".</summary>
        public string? AllowedNetworks { get; set; }
    }

    public sealed class TrackerSection
    {
        /// <summary>"Jira", "Asana" or "AzureDevOps".</summary>
        public string? Kind { get; set; }

        /// <summary>Example: "https://acme.atlassian.net".</summary>
        public string? Url { get; set; }

        /// <summary>E-mail of the proxy user; Jira only. Example: "exalate@acme.example".</summary>
        public string? Account { get; set; }

        public string? Token { get; set; }

        /// <summary>Id of the project for what arrives without one (Asana). Example: "1200000000000001".</summary>
        public string? DefaultProjectId { get; set; }

        /// <summary>Its name, shown until the tracker is asked. Example: "Test".</summary>
        public string? DefaultProjectName { get; set; }

        /// <summary>Its key where the tracker has one. Example: "TEST".</summary>
        public string? DefaultProjectKey { get; set; }

        /// <summary>Example: "Task".</summary>
        public string? DefaultEntityType { get; set; }
    }

    /// <summary>Once valid: what the core puts into an empty database.</summary>
    public void Apply(SettingsSeed seed)
    {
        seed.NodeName = Node.Name;
        seed.ShortName = Node.ShortName;
        seed.ExalateUrl = Node.ExalateUrl;
        seed.AllowedNetworks = string.Join('\n', SplitAllowedNetworks());
        seed.TrackerKind = FirstSettingsOptionsValidator.TryParseKind(Tracker.Kind, out var kind) ? kind : null;
        seed.TrackerUrl = Tracker.Url;
        seed.TrackerAccountName = Tracker.Account;
        seed.TrackerToken = Tracker.Token;
        seed.DefaultProjectId = Tracker.DefaultProjectId;
        seed.DefaultProjectKey = Tracker.DefaultProjectKey;
        seed.DefaultProjectName = Tracker.DefaultProjectName;
        seed.DefaultEntityType = Tracker.DefaultEntityType;
    }

    public IReadOnlyList<string> SplitAllowedNetworks() =>
        (Node.AllowedNetworks ?? "").Split([',', ';', ' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

internal sealed class FirstSettingsOptionsValidator : IValidateOptions<FirstSettingsOptions>
{
    private const int MaxShortName = 30;

    public ValidateOptionsResult Validate(string? name, FirstSettingsOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(FirstSettingsOptions options)
    {
        var (node, tracker) = (options.Node, options.Tracker);
        if (!string.IsNullOrEmpty(node.ShortName) && !IsShortName(node.ShortName))
            yield return $"Exalate:Node:ShortName is '{node.ShortName}'. Use 1 to {MaxShortName} letters, digits, '_' or '-'.";
        if (!string.IsNullOrEmpty(node.ExalateUrl) && !(IsWebAddress(node.ExalateUrl) && new Uri(node.ExalateUrl).PathAndQuery == "/"))
            yield return $"Exalate:Node:ExalateUrl is '{node.ExalateUrl}'. Use an address like 'https://exalate.example.com', without a path.";
        if (!AllowedNetworks.TryParse(options.SplitAllowedNetworks(), out _, out var problem))
            yield return $"Exalate:Node:AllowedNetworks: {problem}";
        if (!string.IsNullOrEmpty(tracker.Kind) && !TryParseKind(tracker.Kind, out _))
            yield return $"Exalate:Tracker:Kind is '{tracker.Kind}'. Use one of {string.Join(", ", Enum.GetNames<TrackerKind>())}.";
        if (!string.IsNullOrEmpty(tracker.Url) && !IsWebAddress(tracker.Url))
            yield return $"Exalate:Tracker:Url is '{tracker.Url}'. Use an address like 'https://acme.atlassian.net'.";
        if (string.IsNullOrEmpty(tracker.Kind) && string.IsNullOrEmpty(tracker.Url) && !string.IsNullOrEmpty(tracker.Token))
            yield return "Exalate:Tracker:Token is set although Exalate:Tracker:Kind and Exalate:Tracker:Url are empty. Say which tracker it belongs to.";
        if (tracker.Token?.Any(c => c is <= ' ' or > '~') == true)
            yield return "Exalate:Tracker:Token holds characters that no token has (spaces, line breaks or special characters). Copy it again.";
        if (string.IsNullOrEmpty(tracker.Kind) && !string.IsNullOrEmpty(tracker.Url))
            yield return $"Exalate:Tracker:Kind is empty although Exalate:Tracker:Url is '{tracker.Url}'. Say which tracker it is.";
    }

    public static bool TryParseKind(string? text, out TrackerKind kind) =>
        Enum.TryParse(text, ignoreCase: true, out kind) && Enum.IsDefined(kind) && !int.TryParse(text, out _);

    private static bool IsShortName(string text) =>
        text.Length <= MaxShortName && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.UserInfo.Length == 0;
}
