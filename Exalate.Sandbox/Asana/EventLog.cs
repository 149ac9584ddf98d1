using System.Text.Json.Nodes;
using Exalate.Sandbox.Deliveries;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Asana;

/// <summary>
/// What happened, for event streams and webhooks. Whatever raises events runs inside <see cref="Write{T}"/>; events of one write travel
/// in one delivery per webhook.
/// </summary>
internal sealed class EventLog(AsanaState state)
{
    private const int Kept = 20_000;

    private readonly List<AsanaEvent> fresh = [];

    public static AsanaReference Of(AsanaTask task) => new(task.Id, "task", task.Subtype);

    public static AsanaReference Of(AsanaStory story) => new(story.Id, "story", story.Subtype);

    public static AsanaReference Of(AsanaAttachment file) => new(file.Id, "attachment", file.Url is null ? "asana" : "external");

    public static AsanaReference Of(AsanaProject project) => new(project.Id, "project", null);

    public static AsanaReference OfSection(long id) => new(id, "section", null);

    /// <summary>The task itself, the tasks above it, and the projects of all of them.</summary>
    public IReadOnlyList<long> StreamsOf(AsanaTask task)
    {
        var streams = new List<long>();
        for (var one = task; one is not null && !streams.Contains(one.Id); one = one.ParentId is { } parent ? state.Tasks.Find(parent) : null)
        {
            streams.Add(one.Id);
            streams.AddRange(one.Memberships.Select(membership => membership.ProjectId));
        }

        return [.. streams.Distinct()];
    }

    public void Add(AsanaUser actor, string action, AsanaReference resource, IReadOnlyList<long> streams, AsanaReference? parent = null, string? field = null)
    {
        var one = state.Events.Put(new AsanaEvent
        {
            Id = state.Store.Next(SequenceId.Event, 1),
            At = state.Now,
            UserId = actor.Id,
            Action = action,
            Resource = resource,
            Parent = parent,
            Field = field,
            Streams = streams,
        });
        state.Events.Remove(one.Id - Kept);
        fresh.Add(one);
    }

    /// <summary>One write to the state, with the deliveries of what it raised.</summary>
    public T Write<T>(Func<T> work) => state.Store.Write(() =>
    {
        try
        {
            var result = work();
            Flush();
            return result;
        }
        finally
        {
            fresh.Clear();
        }
    });

    public void Write(Action work) => Write(() =>
    {
        work();
        return true;
    });

    private void Flush()
    {
        foreach (var webhook in fresh.Count == 0 ? [] : state.Webhooks.All.Where(hook => hook.Active).ToList())
        {
            var wanted = fresh.Where(one => one.Streams.Contains(webhook.Resource.Id) && Passes(webhook, one)).ToList();
            if (wanted.Count > 0)
                Deliver(webhook, wanted);
        }
    }

    /// <summary>Queues a delivery; without events it is a heartbeat.</summary>
    public void Deliver(AsanaWebhook webhook, IReadOnlyList<AsanaEvent> events) => state.Deliveries.Put(new Delivery
    {
        Id = state.Store.Next(SequenceId.Delivery, 1),
        WebhookId = webhook.Id,
        Url = webhook.Target,
        Body = JsonText.Write(new JsonObject { ["events"] = events.Select(one => Compact(one)).ToJson() }),
        Headers = new Dictionary<string, string>(),
        NextAttempt = state.Now,
    });

    /// <summary>As webhooks carry it: names what changed, never the new text.</summary>
    public static JsonObject Compact(AsanaEvent one)
    {
        var json = new JsonObject
        {
            ["user"] = one.UserId is { } user ? new JsonObject { ["gid"] = user.ToString(), ["resource_type"] = "user" } : null,
            ["created_at"] = AsanaView.Time(one.At),
            ["action"] = one.Action,
            ["resource"] = Reference(one.Resource),
            ["parent"] = one.Parent is null ? null : Reference(one.Parent),
        };
        if (one.Field is not null)
            json["change"] = new JsonObject { ["field"] = one.Field, ["action"] = "changed" };
        return json;
    }

    public static JsonObject Reference(AsanaReference one)
    {
        var json = new JsonObject { ["gid"] = one.Id.ToString(), ["resource_type"] = one.Type };
        if (one.Subtype is not null)
            json["resource_subtype"] = one.Subtype;
        return json;
    }

    private static bool Passes(AsanaWebhook webhook, AsanaEvent one)
    {
        if (webhook.Filters is not JsonArray { Count: > 0 } filters)
            return true;
        return filters.Any(filter =>
            Fits(filter, "resource_type", one.Resource.Type)
            && Fits(filter, "resource_subtype", one.Resource.Subtype)
            && Fits(filter, "action", one.Action)
            && (filter.Get("fields") is not JsonArray { Count: > 0 } fields || fields.Any(field => field.Text() == one.Field)));
    }

    private static bool Fits(JsonNode? filter, string name, string? value) => filter.Get(name).Text() is not { } wanted || wanted == value;
}
