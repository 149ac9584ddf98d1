using System.Text.Json;
using Exalate.Core.Connections;
using Exalate.Core.Trackers;

namespace Exalate.Console.Features.Connections.Initiate;

/// <summary>The steps of the wizard; which of them appear depends on the tracker.</summary>
public enum InitiateStep
{
    Destination,
    Project,
    AdminAccess,
}

/// <summary>What was entered into the wizard so far. Kept in the browser's tab under the request's id, so that a reload loses nothing. Holds no secret.</summary>
public sealed record InitiateDraft
{
    public InitiateStep Step { get; init; }

    public string Url { get; init; } = "";

    /// <summary>The switch <em>I don't have a URL</em>.</summary>
    public bool HasNoUrl { get; init; }

    /// <summary>What answered at <see cref="Url"/>; null until it was looked at.</summary>
    public DestinationView? Destination { get; init; }

    /// <summary>The cards; null while they are not open.</summary>
    public IReadOnlyList<ModeChoice>? Modes { get; init; }

    public ConnectionMode? Mode { get; init; }

    public TrackerProject? Project { get; init; }

    public bool? HasAdminAccess { get; init; }

    /// <summary>Whether closing would lose something.</summary>
    public bool IsWorthKeeping => Url.Trim().Length > 0 || HasNoUrl;

    /// <summary>Why the way ends on the first step for now; null when it goes on.</summary>
    public string? NotYet => HasNoUrl
        ? "Private connections, for a destination without a URL, come with the next release. Until then both nodes need a URL."
        : Destination is { IsOwnNode: true }
            ? "This URL is your own instance. Local connections, between two projects of one instance, come with the next release. Enter the URL of another instance."
            : null;

    // Not for an empty URL: who types and presses Enter at once would meet a button that has not heard of the typing yet.
    public bool CanLeaveDestination => NotYet is null && (Modes is null || Mode is not null);

    /// <summary>A different URL is a different destination: what was found at the old one counts no more.</summary>
    public InitiateDraft WithUrl(string url) => url.Trim() == Url.Trim()
        ? this with { Url = url }
        : this with { Url = url, Destination = null, Modes = null, Mode = null };

    public InitiateDraft WithDestination(DestinationView destination) => this with
    {
        Destination = destination,
        Modes = destination.Modes,
        Mode = OnlyChoice(destination.Modes) ?? Mode,
    };

    public InitiateDraft WithSwitch(bool hasNoUrl, IReadOnlyList<ModeChoice>? modes) =>
        this with { HasNoUrl = hasNoUrl, Destination = null, Modes = modes, Mode = null };

    public InitiateStep Next(bool asksForProject) => Step switch
    {
        InitiateStep.Destination when asksForProject => InitiateStep.Project,
        _ => InitiateStep.AdminAccess,
    };

    public InitiateStep Previous(bool asksForProject) => Step switch
    {
        InitiateStep.AdminAccess when asksForProject => InitiateStep.Project,
        _ => InitiateStep.Destination,
    };

    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Null when the text is none of ours: a browser may hold an older release's draft.</summary>
    public static InitiateDraft? FromJson(string? json)
    {
        if (string.IsNullOrEmpty(json))
            return null;
        try
        {
            return JsonSerializer.Deserialize<InitiateDraft>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ConnectionMode? OnlyChoice(IReadOnlyList<ModeChoice> modes) =>
        modes.Where(choice => choice.DisabledBecause is null).ToList() is [var only] ? only.Mode : null;
}
