using System.Text.Json;
using Exalate.Core.Connections;
using Exalate.Core.Trackers;

namespace Exalate.Console.Features.Connections.Initiate;

/// <summary>The steps of the wizard; which of them appear depends on the tracker.</summary>
public enum InitiateStep
{
    Destination,
    Project,
    TwoProjects,
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

    /// <summary>The second project of a local connection.</summary>
    public TrackerProject? OtherProject { get; init; }

    public bool? HasAdminAccess { get; init; }

    /// <summary>Whether closing would lose something.</summary>
    public bool IsWorthKeeping => Url.Trim().Length > 0 || HasNoUrl;

    /// <summary>The URL is this node's own: a connection between two of its projects.</summary>
    public bool IsLocal => !HasNoUrl && Destination is { IsOwnNode: true };

    // Not for an empty URL: who types and presses Enter at once would meet a button that has not heard of the typing yet.
    public bool CanLeaveDestination => Modes is null || Mode is not null;

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
        this with { HasNoUrl = hasNoUrl, Destination = null, Modes = modes, Mode = modes is null ? null : OnlyChoice(modes) };

    /// <summary>The steps of this way, in order (docs: the wizard's table of cases).</summary>
    public IReadOnlyList<InitiateStep> Steps(bool asksForProject) => this switch
    {
        { IsLocal: true } => [InitiateStep.Destination, InitiateStep.TwoProjects],
        { HasNoUrl: true } => asksForProject ? [InitiateStep.Destination, InitiateStep.Project] : [InitiateStep.Destination],
        _ => asksForProject ? [InitiateStep.Destination, InitiateStep.Project, InitiateStep.AdminAccess] : [InitiateStep.Destination, InitiateStep.AdminAccess],
    };

    /// <summary>Whether the present step's button makes the connection. Never before the cards are open.</summary>
    public bool IsLast(bool asksForProject) => Modes is not null && Steps(asksForProject)[^1] == Step;

    public InitiateStep Next(bool asksForProject) => Neighbour(asksForProject, 1);

    public InitiateStep Previous(bool asksForProject) => Neighbour(asksForProject, -1);

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

    private InitiateStep Neighbour(bool asksForProject, int by)
    {
        var steps = Steps(asksForProject);
        return steps[Math.Clamp(steps.ToList().IndexOf(Step) + by, 0, steps.Count - 1)];
    }

    private static ConnectionMode? OnlyChoice(IReadOnlyList<ModeChoice> modes) =>
        modes.Where(choice => choice.DisabledBecause is null).ToList() is [var only] ? only.Mode : null;
}
