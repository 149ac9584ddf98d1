namespace Exalate.Sandbox;

/// <summary>What to emulate and where.</summary>
public sealed record SandboxOptions
{
    /// <summary>0 takes any free port, null leaves the tracker out.</summary>
    public int? JiraPort { get; init; } = 0;

    /// <summary>0 takes any free port, null leaves the tracker out.</summary>
    public int? AsanaPort { get; init; } = 0;

    /// <summary>Holds the state over restarts; created when it is missing. Two sandboxes can't share one.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The vendors refuse webhooks to loopback addresses; a demo on one machine needs them.</summary>
    public bool AllowLoopbackWebhooks { get; init; } = true;

    /// <summary>Sign-in name of the integration account on Jira.</summary>
    public string JiraEmail { get; init; } = "exalate@acme.example";

    /// <summary>API token of the integration account on Jira.</summary>
    public string JiraToken { get; init; } = "jira-sandbox-token";

    /// <summary>Personal access token of the integration account on Asana.</summary>
    public string AsanaToken { get; init; } = "asana-sandbox-token";

    /// <summary>How far the search follows behind the writes.</summary>
    public TimeSpan IndexLag { get; init; } = TimeSpan.Zero;

    /// <summary>Added to every API request.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.Zero;

    /// <summary>Whether an empty data folder is filled with the example projects; without it there are users and empty projects.</summary>
    public bool Seed { get; init; } = true;

    /// <summary>Largest attachment in bytes that Jira takes.</summary>
    public long JiraUploadLimit { get; init; } = 1_073_741_824;

    /// <summary>Largest attachment in bytes that Asana takes.</summary>
    public long AsanaUploadLimit { get; init; } = 104_857_600;

    /// <summary>On Asana's free plan the task search answers 402.</summary>
    public bool AsanaFreePlan { get; init; }

    /// <summary>Waits before the second, third ... attempt of a webhook delivery; the vendors' are minutes, these are for tests and demos.</summary>
    public IReadOnlyList<TimeSpan> WebhookRetryDelays { get; init; } =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30)];

    /// <summary>How long a webhook receiver may take (Asana: 10 s).</summary>
    public TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>An Asana webhook that fails for so long is deleted.</summary>
    public TimeSpan AsanaWebhookLife { get; init; } = TimeSpan.FromHours(24);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
