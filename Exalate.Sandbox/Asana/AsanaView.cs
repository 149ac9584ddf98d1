using System.Globalization;
using System.Text.Json.Nodes;
using Exalate.Sandbox.Asana.Html;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

/// <summary>Asana's JSON of its resources. Call inside the store's Read or Write.</summary>
/// <param name="siteUrl">Address of the sandbox, without a slash at the end.</param>
internal sealed class AsanaView
{
    private readonly AsanaState state;

    public AsanaView(AsanaState state, string siteUrl)
    {
        this.state = state;
        SiteUrl = siteUrl;
        Users = UserShape();
        Workspaces = new Shape<AsanaWorkspace>(one => one.Id, "workspace")
            .Compact("name", one => one.Name)
            .Field("email_domains", _ => new JsonArray("partner.example"))
            .Field("is_organization", _ => true);
        Sections = new Shape<AsanaSection>(one => one.Id, "section")
            .Compact("name", one => one.Name)
            .Field("created_at", one => Time(one.CreatedAt))
            .Nested("project", (one, below) => Projects!.Listed(state.Projects.Find(one.ProjectId)!, below));
        Tags = new Shape<AsanaTag>(one => one.Id, "tag")
            .Compact("name", one => one.Name)
            .Field("color", one => one.Color)
            .Field("notes", _ => "")
            .Field("created_at", one => Time(one.CreatedAt))
            .Field("followers", _ => new JsonArray())
            .Nested("workspace", (one, below) => Workspaces.Listed(state.Workspaces.Find(one.WorkspaceId)!, below))
            .Field("permalink_url", one => $"{siteUrl}/0/{one.Id}/list");
        Projects = ProjectShape();
        Tasks = new TaskShape(state, this).Create();
        Stories = StoryShape();
        Attachments = AttachmentShape();
    }

    public string SiteUrl { get; }

    public Shape<AsanaUser> Users { get; }

    public Shape<AsanaWorkspace> Workspaces { get; }

    public Shape<AsanaProject> Projects { get; }

    public Shape<AsanaSection> Sections { get; }

    public Shape<AsanaTag> Tags { get; }

    public Shape<AsanaTask> Tasks { get; }

    public Shape<AsanaStory> Stories { get; }

    public Shape<AsanaAttachment> Attachments { get; }

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    public static string? TimeOrNull(DateTimeOffset? at) => at is { } known ? Time(known) : null;

    public JsonNode? UserOrNull(long? id, FieldTree below) => id is { } known && state.Users.Find(known) is { } user ? Users.Listed(user, below) : null;

    private Shape<AsanaUser> UserShape() => new Shape<AsanaUser>(one => one.Id, "user")
        .Compact("name", one => one.Name)
        .Field("email", one => one.Email)
        .Field("photo", _ => null)
        .Nested("workspaces", (_, below) => state.Workspaces.All.Select(one => Workspaces.Listed(one, below)).ToJson());

    private Shape<AsanaProject> ProjectShape() => new Shape<AsanaProject>(one => one.Id, "project")
        .Compact("name", one => one.Name)
        .Field("archived", one => one.Archived)
        .Field("color", one => one.Color)
        .Field("completed", _ => false)
        .Field("completed_at", _ => null)
        .Field("created_at", one => Time(one.CreatedAt))
        .Field("modified_at", one => Time(one.ModifiedAt))
        .Field("default_view", one => one.DefaultView)
        .Field("due_on", _ => null)
        .Field("start_on", _ => null)
        .Field("notes", one => MarkupText.Plain(one.HtmlNotes))
        .OnDemand("html_notes", one => one.HtmlNotes)
        .Field("public", _ => true)
        .Field("privacy_setting", _ => "public_to_workspace")
        .Field("permalink_url", one => $"{SiteUrl}/0/{one.Id}")
        .Nested("owner", (one, below) => UserOrNull(one.OwnerId, below))
        .Nested("workspace", (one, below) => Workspaces.Listed(state.Workspaces.Find(one.WorkspaceId)!, below))
        .Nested("members", (_, below) => state.Users.All.Select(user => Users.Listed(user, below)).ToJson())
        .Nested("followers", (_, below) => new JsonArray())
        .NestedOnDemand("custom_field_settings", (one, _) => one.CustomFieldIds.Select(id => CustomFieldViews.Setting(this, one, state.CustomFields.Find(id)!)).ToJson());

    private Shape<AsanaStory> StoryShape() => new Shape<AsanaStory>(one => one.Id, "story")
        .Compact("created_at", one => Time(one.CreatedAt))
        .Compact("resource_subtype", one => one.Subtype)
        .Compact("text", one => one.Text)
        .Nested("created_by", (one, below) => UserOrNull(one.CreatedById, below))
        .Field("type", one => one.IsComment ? "comment" : "system")
        .Field("is_editable", one => one.IsComment)
        .Field("is_edited", one => one.IsEdited)
        .Field("is_pinned", one => one.IsPinned)
        .Field("hearted", _ => false)
        .Field("hearts", _ => new JsonArray())
        .Field("num_hearts", _ => 0)
        .Field("liked", _ => false)
        .Field("likes", _ => new JsonArray())
        .Field("num_likes", _ => 0)
        .Field("previews", _ => new JsonArray())
        .Field("source", _ => "web")
        .Nested("target", (one, below) => Tasks.Listed(state.Tasks.Find(one.TaskId)!, below))
        .NestedOnDemand("task", (one, below) => Tasks.Listed(state.Tasks.Find(one.TaskId)!, below))
        .OnDemand("html_text", one => one.Html);

    private Shape<AsanaAttachment> AttachmentShape() => new Shape<AsanaAttachment>(one => one.Id, "attachment")
        .Compact("name", one => one.Name)
        .Compact("resource_subtype", one => one.Url is null ? "asana" : "external")
        .Field("created_at", one => Time(one.CreatedAt))
        .Field("host", one => one.Url is null ? "asana" : "external")
        .Field("download_url", one => one.Url ?? DownloadUrl(one))
        .Field("permanent_url", one => $"{SiteUrl}/app/asana/-/get_asset?asset_id={one.Id}")
        .Field("view_url", one => one.Url ?? DownloadUrl(one))
        .Field("connected_to_app", _ => false)
        .Nested("parent", Parent)
        .OnDemand("size", one => one.Url is null ? one.Size : null);

    private JsonNode? Parent(AsanaAttachment file, FieldTree below) => state.Tasks.Find(file.ParentId) is { } task
        ? Tasks.Listed(task, below)
        : state.Projects.Find(file.ParentId) is { } project ? Projects.Listed(project, below) : null;

    /// <summary>Valid for two minutes, for whoever has it.</summary>
    private string DownloadUrl(AsanaAttachment file)
    {
        var expires = state.Time.GetUtcNow().AddMinutes(2).ToUnixTimeSeconds();
        return $"{SiteUrl}/_files/{state.Tokens.Write("file", $"{file.Id}:{expires}")}/{Uri.EscapeDataString(file.Name)}";
    }
}
