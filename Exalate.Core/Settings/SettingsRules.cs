using System.Net;
using Exalate.Core.Http;
using Exalate.Core.Trackers;

namespace Exalate.Core.Settings;

/// <summary>What General Settings accepts, for the form and for the first settings from configuration alike. Field names are those of <see cref="SaveNodeSettings"/>.</summary>
internal static class SettingsRules
{
    public const int MaxNodeName = 100;
    public const int MaxShortName = 30;
    public const int MaxAccountName = 256;
    public const int MaxToken = 4000;
    public const int MaxProjectId = 100;
    public const int MaxProjectName = 300;
    public const int MaxAllowedNetworks = 4000;

    /// <summary>The form as it will be stored: trimmed, empty as null, addresses normalised.</summary>
    public static Result<SaveNodeSettings> Check(SaveNodeSettings form)
    {
        var clean = form with
        {
            NodeName = Text(form.NodeName),
            ShortName = Text(form.ShortName),
            ExalateUrl = Text(form.ExalateUrl),
            TrackerUrl = Text(form.TrackerUrl),
            TrackerAccountName = Text(form.TrackerAccountName),
            TrackerToken = Text(form.TrackerToken),
            DefaultEntityType = Text(form.DefaultEntityType),
            AllowedNetworks = Text(form.AllowedNetworks),
        };
        return CheckNames(clean) ?? CheckTracker(clean) ?? CheckNetworks(clean) ?? CheckAddresses(clean);
    }

    /// <summary>The lines of the field as networks; none when it is empty.</summary>
    public static bool TryReadNetworks(string? text, out IReadOnlyList<IPNetwork> networks, out string? problem) =>
        AllowedNetworks.TryParse((text ?? "").Split(['\n', '\r', ',', ';'], StringSplitOptions.TrimEntries), out networks, out problem);

    /// <summary>What is still missing before a connection can be made, a sentence each.</summary>
    public static IReadOnlyList<string> Missing(NodeSettings settings, TrackerDescription? tracker)
    {
        var missing = new List<string>();
        if (settings.ShortName is null)
        {
            missing.Add("Enter the node's short name: connections are named after it.");
        }

        if (tracker is null || settings.TrackerUrl is null || settings.ProtectedTrackerToken is null)
        {
            missing.Add("Enter the tracker's address and token.");
        }
        else if (tracker.NeedsAccountName && settings.TrackerAccountName is null)
        {
            missing.Add($"Enter the account name (e-mail) that belongs to the {tracker.ProductName} token.");
        }

        if (tracker is { AsksForProject: false })
        {
            AddDefaults(settings, tracker, missing);
        }

        return missing;
    }

    private static void AddDefaults(NodeSettings settings, TrackerDescription tracker, List<string> missing)
    {
        if (settings.DefaultProjectId is null)
        {
            missing.Add($"Choose the default project: incoming {tracker.EntityWord}s are created there.");
        }

        if (settings.DefaultEntityType is null)
        {
            missing.Add($"Choose the default entity type: incoming {tracker.EntityWord}s whose type does not exist here get it.");
        }
    }

    private static Invalid? CheckNames(SaveNodeSettings form)
    {
        if (form.NodeName is { Length: > MaxNodeName })
        {
            return new Invalid($"The node name has at most {MaxNodeName} characters.", nameof(form.NodeName));
        }

        if (form.NodeName?.Any(char.IsControl) == true)
        {
            return new Invalid("The node name is a single line of text.", nameof(form.NodeName));
        }

        return form.ShortName is null || IsShortName(form.ShortName)
            ? null
            : new Invalid($"The short name has 1 to {MaxShortName} letters (a-z), digits, '_' or '-', for example acme.", nameof(form.ShortName));
    }

    public static bool IsShortName(string text) => text.Length is >= 1 and <= MaxShortName && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static Invalid? CheckTracker(SaveNodeSettings form)
    {
        if (form.TrackerKind is null && (form.TrackerUrl ?? form.TrackerToken) is not null)
        {
            return new Invalid("Choose which tracker it is.", nameof(form.TrackerKind));
        }

        if (form.TrackerKind is { } kind && !Enum.IsDefined(kind))
        {
            return new Invalid("Choose one of the trackers.", nameof(form.TrackerKind));
        }

        if (form.TrackerAccountName is { } account && (account.Length > MaxAccountName || account.Any(char.IsControl) || account.Contains(':', StringComparison.Ordinal)))
        {
            return new Invalid("The account name is an e-mail address, for example exalate@acme.example.", nameof(form.TrackerAccountName));
        }

        if (form.TrackerToken is { } token && (token.Length > MaxToken || token.Any(c => c is <= ' ' or > '~')))
        {
            return new Invalid("The token holds characters that no token has (spaces, line breaks or special characters). Copy it again.", nameof(form.TrackerToken));
        }

        return TooLong(form.DefaultProject) ? new Invalid("Choose the default project again.", nameof(form.DefaultProject))
            : form.DefaultEntityType is { Length: > MaxProjectId } ? new Invalid("Choose the default entity type again.", nameof(form.DefaultEntityType))
            : null;
    }

    private static bool TooLong(TrackerProject? project) =>
        project is not null && (project.Id.Length > MaxProjectId || project.Key.Length > MaxProjectId || project.Name.Length > MaxProjectName);

    private static Invalid? CheckNetworks(SaveNodeSettings form)
    {
        if (form.AllowedNetworks is { Length: > MaxAllowedNetworks })
        {
            return new Invalid($"The allowed networks have at most {MaxAllowedNetworks} characters.", nameof(form.AllowedNetworks));
        }

        return TryReadNetworks(form.AllowedNetworks, out _, out var problem) ? null : new Invalid(problem!, nameof(form.AllowedNetworks));
    }

    private static Result<SaveNodeSettings> CheckAddresses(SaveNodeSettings form)
    {
        string? exalateUrl = null, trackerUrl = null;
        if (form.ExalateUrl is not null)
        {
            if (!WebAddress.TryReadWithPath(form.ExalateUrl, out exalateUrl, out var problem))
            {
                return new Invalid(problem, nameof(form.ExalateUrl));
            }

            if (new Uri(exalateUrl).AbsolutePath != "/")
            {
                return new Invalid("The Exalate URL is the address of the node alone, without a path, for example https://exalate.acme.example.", nameof(form.ExalateUrl));
            }
        }

        if (form.TrackerUrl is not null && !WebAddress.TryReadWithPath(form.TrackerUrl, out trackerUrl, out var objection))
        {
            return new Invalid(objection, nameof(form.TrackerUrl));
        }

        return form with { ExalateUrl = exalateUrl, TrackerUrl = trackerUrl };
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
