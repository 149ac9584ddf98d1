using System.Globalization;
using Exalate.Sandbox.Deliveries;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Asana;

/// <summary>Everything one Asana workspace holds.</summary>
internal sealed class AsanaState : IDisposable
{
    private const long FirstGid = 1_209_000_000_000_101;

    public AsanaState(string folder, TimeProvider time, TimeSpan indexLag)
    {
        Directory.CreateDirectory(folder);
        Time = time;
        Store = new StateStore(Path.Combine(folder, "asana.db"));
        Blobs = new BlobFolder(Path.Combine(folder, "attachments"));
        Users = new DocumentSet<AsanaUser>(Store, "user", user => user.Id);
        Workspaces = new DocumentSet<AsanaWorkspace>(Store, "workspace", workspace => workspace.Id);
        Projects = new DocumentSet<AsanaProject>(Store, "project", project => project.Id);
        Sections = new DocumentSet<AsanaSection>(Store, "section", section => section.Id);
        Tasks = new DocumentSet<AsanaTask>(Store, "task", task => task.Id);
        Stories = new DocumentSet<AsanaStory>(Store, "story", story => story.Id);
        Attachments = new DocumentSet<AsanaAttachment>(Store, "attachment", file => file.Id);
        Tags = new DocumentSet<AsanaTag>(Store, "tag", tag => tag.Id);
        CustomFields = new DocumentSet<AsanaCustomField>(Store, "customfield", field => field.Id);
        Events = new DocumentSet<AsanaEvent>(Store, "event", one => one.Id);
        Webhooks = new DocumentSet<AsanaWebhook>(Store, "webhook", webhook => webhook.Id);
        Deliveries = new DocumentSet<Delivery>(Store, "delivery", delivery => delivery.Id);
        Secrets = new DocumentSet<AsanaSecret>(Store, "secret", secret => secret.Id);
        SectionsOf = new DocumentIndex<AsanaSection, long>(Sections, section => section.Id, section => [section.ProjectId]);
        TasksOfProject = new DocumentIndex<AsanaTask, long>(Tasks, task => task.Id, task => task.Memberships.Select(one => one.ProjectId).Distinct());
        SubtasksOf = new DocumentIndex<AsanaTask, long>(Tasks, task => task.Id, task => task.ParentId is { } parent ? [parent] : []);
        StoriesOf = new DocumentIndex<AsanaStory, long>(Stories, story => story.Id, story => [story.TaskId]);
        AttachmentsOf = new DocumentIndex<AsanaAttachment, long>(Attachments, file => file.Id, file => [file.ParentId]);
        SearchIndex = new LaggingIndex<AsanaTask>(Tasks, task => task.Id, time, indexLag);
        Tokens = new SignedTokens(() => Secrets.Find(1)!.Value);
        Store.Write(() => Secrets.Find(1) ?? Secrets.Put(new AsanaSecret(1, Randomness.Hex(32))));
    }

    public TimeProvider Time { get; }

    public StateStore Store { get; }

    public BlobFolder Blobs { get; }

    public SignedTokens Tokens { get; }

    public DocumentSet<AsanaUser> Users { get; }

    public DocumentSet<AsanaWorkspace> Workspaces { get; }

    public DocumentSet<AsanaProject> Projects { get; }

    public DocumentSet<AsanaSection> Sections { get; }

    public DocumentSet<AsanaTask> Tasks { get; }

    public DocumentSet<AsanaStory> Stories { get; }

    public DocumentSet<AsanaAttachment> Attachments { get; }

    public DocumentSet<AsanaTag> Tags { get; }

    public DocumentSet<AsanaCustomField> CustomFields { get; }

    public DocumentSet<AsanaEvent> Events { get; }

    public DocumentSet<AsanaWebhook> Webhooks { get; }

    public DocumentSet<Delivery> Deliveries { get; }

    public DocumentSet<AsanaSecret> Secrets { get; }

    public DocumentIndex<AsanaSection, long> SectionsOf { get; }

    public DocumentIndex<AsanaTask, long> TasksOfProject { get; }

    public DocumentIndex<AsanaTask, long> SubtasksOf { get; }

    public DocumentIndex<AsanaStory, long> StoriesOf { get; }

    public DocumentIndex<AsanaAttachment, long> AttachmentsOf { get; }

    public LaggingIndex<AsanaTask> SearchIndex { get; }

    /// <summary>Milliseconds are all that travels.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(Time.GetUtcNow().ToUnixTimeMilliseconds());

    public long NewGid() => Store.Next(SequenceId.Gid, FirstGid);

    public static long Id(string? gid) => long.TryParse(gid, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    /// <summary>By gid, "me" or e-mail.</summary>
    public AsanaUser? FindUser(string? text, AsanaUser caller) => text switch
    {
        null => null,
        "me" => caller,
        _ when text.Contains('@') => Users.All.FirstOrDefault(user => user.Email.Equals(text, StringComparison.OrdinalIgnoreCase)),
        _ => Users.Find(Id(text)),
    };

    public void Dispose() => Store.Dispose();
}
