using System.Text.Json.Nodes;
using Exalate.Sandbox.Asana.Html;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

/// <summary>Comments and the system's own stories. Call inside the store's Write.</summary>
internal sealed class StoryDesk(AsanaState state, EventLog events)
{
    public AsanaStory Comment(AsanaUser actor, AsanaTask task, JsonObject data, string siteUrl)
    {
        var (text, html) = ReadText(data, siteUrl) ?? throw AsanaErrors.MissingInput("text");
        var story = Add(actor, task, "comment_added", text, html);
        if (data["is_pinned"].Flag() == true)
            story = state.Stories.Put(story with { IsPinned = true });
        return story;
    }

    /// <summary>A story of the system about what somebody did.</summary>
    public void Tell(AsanaUser actor, AsanaTask task, string subtype, string text) =>
        Add(actor, task, subtype, $"{actor.Name} {text}", AsanaMarkup.OfText($"{actor.Name} {text}"));

    public AsanaStory Edit(AsanaUser actor, AsanaStory story, JsonObject data, string siteUrl)
    {
        RequireAuthor(actor, story);
        var after = story with { IsPinned = data["is_pinned"].Flag() ?? story.IsPinned };
        // The task's modified_at stays: edited comments are not among its causes.
        if (ReadText(data, siteUrl) is { } read && (read.Text, read.Html) != (story.Text, story.Html))
            after = after with { Text = read.Text, Html = read.Html, IsEdited = true };
        after = state.Stories.Put(after);
        events.Add(actor, "changed", EventLog.Of(after), Streams(after), field: "text");
        return after;
    }

    public void Delete(AsanaUser actor, AsanaStory story)
    {
        RequireAuthor(actor, story);
        state.Stories.Remove(story.Id);
        var task = state.Tasks.Put(state.Tasks.Find(story.TaskId)! with { ModifiedAt = state.Now });
        events.Add(actor, "removed", EventLog.Of(story), Streams(story), EventLog.Of(task));
        events.Add(actor, "deleted", EventLog.Of(story), Streams(story));
    }

    public static bool MayChange(AsanaUser actor, AsanaStory story) => story.IsComment && story.CreatedById == actor.Id;

    private AsanaStory Add(AsanaUser actor, AsanaTask task, string subtype, string text, string html)
    {
        var story = state.Stories.Put(new AsanaStory
        {
            Id = state.NewGid(),
            TaskId = task.Id,
            CreatedById = actor.Id,
            CreatedAt = state.Now,
            Subtype = subtype,
            Text = text,
            Html = html,
        });
        // Told of a move only, a task counts as unmodified; every other story moves it.
        if (subtype is not ("section_changed" or "added_to_project" or "removed_from_project"))
            state.Tasks.Put(state.Tasks.Find(task.Id)! with { ModifiedAt = state.Now });
        events.Add(actor, "added", EventLog.Of(story), Streams(story), EventLog.Of(task));
        return story;
    }

    private (string Text, string Html)? ReadText(JsonObject data, string siteUrl)
    {
        if (data["text"] is not null && data["html_text"] is not null)
            throw AsanaErrors.BadRequest("You can not specify both text and html_text");
        if (data["html_text"].Text() is { } markup)
        {
            try
            {
                var body = new MarkupNormaliser(state, siteUrl).Normalise(AsanaMarkup.Parse(markup, MarkupPlace.Comment));
                var html = AsanaMarkup.Write(body);
                return (MarkupText.Plain(html), html);
            }
            catch (MarkupException)
            {
                // As the real product: no 400, the tags become visible text.
                return (markup, AsanaMarkup.OfText(markup));
            }
        }

        return data["text"].Text() is { } plain ? (plain, AsanaMarkup.OfText(plain)) : null;
    }

    private IReadOnlyList<long> Streams(AsanaStory story) => [.. events.StreamsOf(state.Tasks.Find(story.TaskId)!), story.Id];

    private static void RequireAuthor(AsanaUser actor, AsanaStory story)
    {
        if (!MayChange(actor, story))
            throw AsanaErrors.Forbidden("story: You do not have permission to change this story");
    }
}
