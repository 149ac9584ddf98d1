using System.Text.Json.Nodes;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Asana;

/// <content>Learning of changes by webhooks.</content>
internal sealed partial class AsanaTracker
{
    // One registration a project. Asana calls the node inside the create call (the handshake), so the node must answer while this waits.
    public async Task<WatchState> WatchAsync(WatchRequest request, CancellationToken cancellationToken)
    {
        var registrations = new Dictionary<string, string>(StringComparer.Ordinal);
        string? refusal = null;
        foreach (var project in request.ProjectIds.Distinct(StringComparer.Ordinal))
        {
            try
            {
                registrations[project] = await WatchProjectAsync(request, project, cancellationToken);
            }
            catch (TrackerException e) when (e.Category is FailureCategory.Rejected && !e.OutcomeUnknown)
            {
                refusal ??= $"{Product} at {InstanceUrl} registers no webhook for project {project} ({e.StatusCode}). {(e.TrackerSaid is { } said ? $"It said: \"{said}\" " : string.Empty)}"
                    + "It takes a public address that answers the handshake. Until then the node asks for changes itself.";
            }
        }

        foreach (var (project, webhook) in request.Previous?.Registrations ?? new Dictionary<string, string>())
        {
            if (!request.ProjectIds.Contains(project))
            {
                await client.DeleteWebhookAsync(webhook, cancellationToken);
            }
        }

        return new WatchState { Registrations = registrations, RefusedBecause = refusal };
    }

    public async Task UnwatchAsync(Uri callbackUrl, WatchState state, CancellationToken cancellationToken)
    {
        foreach (var webhook in state.Registrations.Values)
        {
            try
            {
                await client.DeleteWebhookAsync(webhook, cancellationToken);
            }
            catch (TrackerException e) when (e.Category is FailureCategory.Rejected)
            {
                // Its project is gone or closed to us; Asana ends it when nobody answers its heartbeat.
            }
        }
    }

    public WebhookReading ReadWebhook(WebhookCall call) => AsanaWebhook.Read(call, parts);

    public async Task<IReadOnlyList<ChangedEntity>> PlaceAsync(IReadOnlyList<string> partIds, CancellationToken cancellationToken)
    {
        var tasks = new List<string>();
        foreach (var (isStory, gid) in partIds.Select(AsanaWebhook.Part).OfType<(bool, string)>())
        {
            var task = parts.TaskOf(gid) ?? (isStory ? await client.TaskOfStoryAsync(gid, cancellationToken) : await client.TaskOfAttachmentAsync(gid, cancellationToken));
            if (task is not null)
            {
                parts.Remember(gid, task);
                tasks.Add(task);
            }
        }

        return [.. tasks.Distinct(StringComparer.Ordinal).Select(task => new ChangedEntity(task))];
    }

    private async Task<string> WatchProjectAsync(WatchRequest request, string project, CancellationToken cancellationToken)
    {
        var workspace = (await client.ProjectAsync(project, cancellationToken)).Text("workspace", "gid") ?? string.Empty;
        var ours = (await client.WebhooksAsync(workspace, project, cancellationToken) ?? []).Where(hook => IsSameAddress(hook.Text("target"), request.CallbackUrl)).ToList();
        var known = request.Previous?.Registrations.GetValueOrDefault(project);
        var kept = ours.Find(hook => hook.Text("gid") == known && hook.Flag("active") != false);

        // Asana tells a secret once, in the handshake: a registration whose secret may be lost is replaced.
        foreach (var stale in ours.Where(hook => hook != kept).Select(hook => hook.Text("gid")).OfType<string>())
        {
            await client.DeleteWebhookAsync(stale, cancellationToken);
        }

        if (kept is not null)
        {
            return known!;
        }

        var registration = new JsonObject { ["resource"] = project, ["target"] = request.CallbackUrl.AbsoluteUri, ["filters"] = AsanaWebhook.Filters() };
        return GidOf(await client.AddWebhookAsync(project, AsanaMapper.Data(registration), cancellationToken), $"register a webhook for project {project}");
    }

    private static bool IsSameAddress(string? registered, Uri ours) =>
        Uri.TryCreate(registered, UriKind.Absolute, out var url) && url.AbsoluteUri.TrimEnd('/').Equals(ours.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);
}
