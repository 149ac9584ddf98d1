using System.Text.Json;
using System.Text.Json.Serialization;
using Exalate.Core.Settings;
using Exalate.Core.Trackers;

namespace Exalate.Console.Features.GeneralSettings;

/// <summary>General Settings while someone edits them. Texts are never null: fields of a page are not.</summary>
public sealed record SettingsForm
{
    public required int Revision { get; init; }

    public string NodeName { get; init; } = "";

    public string ShortName { get; init; } = "";

    public string ExalateUrl { get; init; } = "";

    public TrackerKind? TrackerKind { get; init; }

    public string TrackerUrl { get; init; } = "";

    public string TrackerAccountName { get; init; } = "";

    /// <summary>A new token; empty keeps the stored one. Never part of a draft.</summary>
    [JsonIgnore]
    public string TrackerToken { get; init; } = "";

    public TrackerProject? DefaultProject { get; init; }

    public string DefaultEntityType { get; init; } = "";

    public string AllowedNetworks { get; init; } = "";

    public static SettingsForm From(NodeSettingsView view) => new()
    {
        Revision = view.Revision,
        NodeName = view.NodeName ?? "",
        ShortName = view.ShortName ?? "",
        ExalateUrl = view.ExalateUrl ?? "",
        TrackerKind = view.TrackerKind,
        TrackerUrl = view.TrackerUrl ?? "",
        TrackerAccountName = view.TrackerAccountName ?? "",
        DefaultProject = view.DefaultProject,
        DefaultEntityType = view.DefaultEntityType ?? "",
        AllowedNetworks = view.AllowedNetworks ?? "",
    };

    public SaveNodeSettings ToMessage(string? by) => new()
    {
        Revision = Revision,
        NodeName = OrNull(NodeName),
        ShortName = OrNull(ShortName),
        ExalateUrl = OrNull(ExalateUrl),
        TrackerKind = TrackerKind,
        TrackerUrl = OrNull(TrackerUrl),
        TrackerAccountName = OrNull(TrackerAccountName),
        TrackerToken = OrNull(TrackerToken),
        DefaultProject = DefaultProject,
        DefaultEntityType = OrNull(DefaultEntityType),
        AllowedNetworks = OrNull(AllowedNetworks),
        By = by,
    };

    /// <summary>Whether another tracker or account is meant than the one that is saved.</summary>
    public bool IsOtherTracker(NodeSettingsView saved) =>
        TrackerKind != saved.TrackerKind || TrackerUrl.Trim() != (saved.TrackerUrl ?? "") || TrackerAccountName.Trim() != (saved.TrackerAccountName ?? "") || TrackerToken.Length > 0;

    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>A draft of this very revision; null when there is none or someone saved since.</summary>
    public static SettingsForm? FromJson(string? json, int revision)
    {
        if (string.IsNullOrEmpty(json))
            return null;
        try
        {
            return JsonSerializer.Deserialize<SettingsForm>(json) is { } draft && draft.Revision == revision ? draft : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? OrNull(string text) => text.Trim() is { Length: > 0 } trimmed ? trimmed : null;
}
