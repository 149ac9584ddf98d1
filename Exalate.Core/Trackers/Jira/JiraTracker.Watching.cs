using System.Text.Json.Nodes;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Jira;

/// <content>Learning of changes.</content>
internal sealed partial class JiraTracker
{
    private const string WholeSite = "*";

    // One registration for the site: entities can move between projects, and a JQL filter would have to follow.
    public async Task<WatchState> WatchAsync(WatchRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var ours = (await client.WebhooksAsync(cancellationToken)).Where(hook => IsSameAddress(hook.Text("url"), request.CallbackUrl)).ToList();
            var kept = ours.Find(hook => IdOf(hook) is { } id && id == request.Previous?.Registrations.GetValueOrDefault(WholeSite) && hook.Flag("enabled") != false);

            // The secret of a registration can't be read back: one that we don't know to carry ours is replaced.
            foreach (var stale in ours.Where(hook => hook != kept).Select(IdOf).OfType<string>())
            {
                await client.DeleteWebhookAsync(stale, cancellationToken);
            }

            var registration = kept is null ? IdOf(await client.AddWebhookAsync(Registration(request), cancellationToken)) : IdOf(kept);
            return new WatchState { Registrations = new Dictionary<string, string> { [WholeSite] = registration ?? string.Empty } };
        }
        catch (TrackerException e) when (e.StatusCode is 400 or 403 or 404 or 409)
        {
            return new WatchState
            {
                RefusedBecause = $"{Product} at {InstanceUrl} registers no webhook for this node ({e.StatusCode}). {Quoted(e.TrackerSaid)}"
                    + "It takes a public address and an account with the permission 'Administer Jira'. Until then the node asks for changes itself.",
            };
        }
    }

    public async Task UnwatchAsync(Uri callbackUrl, WatchState state, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var hook in (await client.WebhooksAsync(cancellationToken)).Where(hook => IsSameAddress(hook.Text("url"), callbackUrl)).Select(IdOf).OfType<string>().ToList())
            {
                await client.DeleteWebhookAsync(hook, cancellationToken);
            }
        }
        catch (TrackerException e) when (e.StatusCode is 400 or 403 or 404 or 409)
        {
            // An account that may not register webhooks has none here either.
        }
    }

    public WebhookReading ReadWebhook(WebhookCall call) => JiraWebhook.Read(call);

    public async Task<PollPage> PollAsync(PollRequest request, CancellationToken cancellationToken)
    {
        var walk = PollCursor.Load(request.Cursor, request.Since);
        if (request.ProjectIds.Count == 0)
        {
            return new PollPage([], walk.Save(options.PollOverlap), false);
        }

        var from = (walk.Watermark - options.PollOverlap).ToUnixTimeMilliseconds();
        // Unquoted numbers are epoch milliseconds: JQL's date texts mean the account's time zone and have minutes only.
        var jql = $"project in ({string.Join(", ", request.ProjectIds.Select(Quote))}) AND updated >= {from} ORDER BY updated ASC, key ASC";
        JsonNode? page;
        try
        {
            page = await client.SearchAsync(jql, ["updated"], [], options.PollPageSize, walk.PageToken, cancellationToken);
        }
        catch (TrackerException e) when (walk.PageToken is not null && e.StatusCode == 400)
        {
            // Page tokens grow old; the walk starts again and tells some changes twice.
            walk.PageToken = null;
            page = await client.SearchAsync(jql, ["updated"], [], options.PollPageSize, null, cancellationToken);
        }

        var changes = new List<ChangedEntity>();
        foreach (var issue in page.Items("issues"))
        {
            if (issue.Text("id") is { } id && walk.IsNew(id, issue.Time("fields", "updated") ?? walk.Watermark))
            {
                changes.Add(new ChangedEntity(id));
            }
        }

        walk.EndPage(NextToken(page, walk.PageToken));
        return new PollPage(changes, walk.Save(options.PollOverlap), walk.PageToken is not null);
    }

    private static JsonObject Registration(WatchRequest request) => new()
    {
        ["name"] = "Exalate",
        ["description"] = "Tells the Exalate node what changed. Managed by the node.",
        ["url"] = request.CallbackUrl.AbsoluteUri,
        ["events"] = new JsonArray([.. JiraWebhook.Events.Select(e => (JsonNode)e)]),
        ["excludeBody"] = false,
        ["secret"] = request.Secret,
    };

    private static bool IsSameAddress(string? registered, Uri ours) =>
        Uri.TryCreate(registered, UriKind.Absolute, out var url) && url.AbsoluteUri.TrimEnd('/').Equals(ours.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);

    // The list names no ids, only addresses that end with them.
    private static string? IdOf(JsonNode? webhook) => webhook.Text("self")?.TrimEnd('/').Split('/')[^1] ?? webhook.Text("id");

    private static string Quoted(string? said) => said is null ? string.Empty : $"It said: \"{said}\" ";
}
