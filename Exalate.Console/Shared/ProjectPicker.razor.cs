using Exalate.Core;
using Exalate.Core.Settings;
using Exalate.Core.Trackers;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Exalate.Console.Shared;

/// <summary>A searchable choice among the tracker's projects, a page at a time: thousands stay on the tracker until someone looks for them.</summary>
public sealed partial class ProjectPicker
{
    /// <summary>How long a person pauses before the tracker is asked.</summary>
    public static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(250);

    private readonly string id = ElementIds.Next("project");
    private readonly List<TrackerProject> items = [];
    private CancellationTokenSource? search;
    private TrackerProject? chosen;
    private TrackerProject? given;
    private string? sought;
    private string? next;
    private string text = "";
    private bool isOpen;
    private bool isLoading;
    private int active = -1;

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public TrackerProject? Value { get; set; }

    [Parameter]
    public EventCallback<TrackerProject?> ValueChanged { get; set; }

    [Parameter]
    public bool Required { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    [Parameter]
    public string Placeholder { get; set; } = "Select Project";

    [Parameter]
    public string? DescribedBy { get; set; }

    private string? ActiveId => isOpen && active >= 0 && active < items.Count ? $"{id}-{active}" : null;

    protected override void OnParametersSet()
    {
        if (Value == given)
            return;
        given = chosen = Value;
        text = NameOf(chosen);
    }

    protected override void Dispose(bool disposing)
    {
        search?.Cancel();
        base.Dispose(disposing);
    }

    private static void Nothing()
    {
        // The press must not take the keyboard out of the field; see :preventDefault.
    }

    private async Task OpenAsync()
    {
        if (isOpen || Disabled)
            return;
        isOpen = true;
        await SearchAsync(null);
    }

    private async Task TypeAsync(string? typedText)
    {
        text = typedText ?? "";
        isOpen = true;
        if (chosen is not null)
            await SetAsync(null, keepText: true);
        await SearchAsync(text.Trim() is { Length: > 0 } typed ? typed : null, TypingPause);
    }

    // What was typed and not chosen chooses nothing: the field goes back to what counts.
    private void Close()
    {
        isOpen = false;
        text = NameOf(chosen);
    }

    private Task MoreAsync() => FetchAsync(sought, next, TimeSpan.Zero);

    private Task SearchAsync(string? wanted) => SearchAsync(wanted, TimeSpan.Zero);

    private Task SearchAsync(string? wanted, TimeSpan pause) => FetchAsync(wanted, null, pause);

    /// <summary>A newer search cancels the older: answers never arrive in the wrong order.</summary>
    private async Task FetchAsync(string? wanted, string? cursor, TimeSpan pause)
    {
        search?.Cancel();
        using var mine = search = CancellationTokenSource.CreateLinkedTokenSource(Gone);
        isLoading = true;
        await LoadAsync(_ => AskAsync(wanted, cursor, pause, mine.Token));
        if (search == mine)
        {
            search = null;
            isLoading = false;
        }
    }

    private async Task<Error?> AskAsync(string? wanted, string? cursor, TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, Time, cancellationToken);
            var page = await Mediator.Send(new ListTrackerProjects(wanted, cursor), cancellationToken);
            if (cancellationToken.IsCancellationRequested)
                return null;
            Show(wanted, cursor, page);
            return page.Error;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A newer search is on its way, or the dialog was closed.
            return null;
        }
    }

    private void Show(string? wanted, string? cursor, Result<TrackerPage<TrackerProject>> page)
    {
        isLoading = false;
        sought = wanted;
        if (cursor is null)
        {
            items.Clear();
            active = -1;
        }

        if (!page.IsSuccess)
            return;
        // A project that moved between two pages must not stand there twice.
        items.AddRange(page.Value.Items.Where(project => items.All(known => known.Id != project.Id)));
        next = page.Value.NextCursor;
        if (active < 0)
            active = chosen is null && wanted is not null && items.Count > 0 ? 0 : items.FindIndex(project => project.Id == chosen?.Id);
    }

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown" when !isOpen:
                await OpenAsync();
                break;
            case "ArrowDown":
                if (active == items.Count - 1 && next is not null)
                    await MoreAsync();
                active = Math.Min(active + 1, items.Count - 1);
                break;
            case "ArrowUp":
                active = Math.Max(active - 1, 0);
                break;
            case "Enter" when isOpen && ActiveId is not null:
                await ChooseAsync(items[active]);
                break;
            case "Escape":
                Close();
                break;
        }
    }

    private async Task ChooseAsync(TrackerProject project)
    {
        isOpen = false;
        await SetAsync(project, keepText: false);
    }

    private Task ClearAsync() => SetAsync(null, keepText: false);

    private Task SetAsync(TrackerProject? project, bool keepText)
    {
        given = chosen = project;
        if (!keepText)
            text = NameOf(project);
        return ValueChanged.InvokeAsync(project);
    }

    private static string NameOf(TrackerProject? project) => project is null ? "" : TrackerNames.Project(project);
}
