using Bunit;
using Exalate.Console.Shared;
using Exalate.Core;
using Exalate.Core.Settings;
using Exalate.Core.Trackers;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Exalate.Tests.Console.Pages;

public sealed class PickingAProject : PageTest
{
    private readonly List<TrackerProject?> chosen = [];
    private static readonly List<TrackerProject> All = [.. Enumerable.Range(0, 120).Select(i => new TrackerProject($"{i}", $"P{i}", $"Project {i}"))];

    public PickingAProject() => Mediator.On<ListTrackerProjects, Result<TrackerPage<TrackerProject>>>(Page);

    [Fact]
    public async Task Thousands_come_a_page_at_a_time()
    {
        var picker = Open();
        Assert.Empty(Mediator.Sent<ListTrackerProjects>());
        await picker.Find("input").ClickAsync();
        Assert.Equal(50, picker.FindAll("[role=option]").Count);
        await Button(picker, "Show more projects").ClickAsync();
        await Button(picker, "Show more projects").ClickAsync();

        Assert.Equal(120, picker.FindAll("[role=option]").Count);
        Assert.False(HasButton(picker, "Show more projects"));
        Assert.Equal([null, "50", "100"], Mediator.Sent<ListTrackerProjects>().Select(sent => sent.Cursor));
    }

    [Fact]
    public async Task Typing_asks_the_tracker_once_the_person_pauses()
    {
        var picker = Open();
        await picker.Find("input").ClickAsync();
        _ = picker.Find("input").InputAsync("Project 1");
        _ = picker.Find("input").InputAsync("Project 11");
        Clock.Advance(ProjectPicker.TypingPause);

        await picker.WaitForStateAsync(() => picker.FindAll("[role=option]").Count == 11);
        Assert.Equal([null, "Project 11"], Mediator.Sent<ListTrackerProjects>().Select(sent => sent.Search));
    }

    [Fact]
    public async Task The_keyboard_alone_chooses()
    {
        var picker = Open();
        var input = picker.Find("input");
        await input.KeyDownAsync(Key("ArrowDown"));
        await input.KeyDownAsync(Key("ArrowDown"));
        await input.KeyDownAsync(Key("ArrowDown"));
        Assert.Equal("Project 1 (P1)", Text(picker.Find("#" + picker.Find("input").GetAttribute("aria-activedescendant"))));
        await input.KeyDownAsync(Key("Enter"));

        Assert.Equal("P1", Assert.Single(chosen)!.Key);
        Assert.Equal("Project 1 (P1)", picker.Find("input").GetAttribute("value"));
        Assert.Equal("false", picker.Find("input").GetAttribute("aria-expanded"));
    }

    [Fact]
    public async Task What_was_typed_and_not_chosen_counts_for_nothing()
    {
        var picker = Open(All[7]);
        await picker.Find("input").ClickAsync();
        _ = picker.Find("input").InputAsync("nonsense");
        await picker.Find(".exalate-picker").FocusOutAsync(new FocusEventArgs());

        Assert.Equal([null], chosen);
        Assert.Equal("", picker.Find("input").GetAttribute("value"));
    }

    [Fact]
    public async Task Nothing_found_and_failures_are_said()
    {
        var picker = Open();
        await picker.Find("input").ClickAsync();
        _ = picker.Find("input").InputAsync("zzz");
        Clock.Advance(ProjectPicker.TypingPause);
        await picker.WaitForStateAsync(() => picker.Markup.Contains("No project's name or key contains “zzz”.", StringComparison.Ordinal));

        Mediator.On<ListTrackerProjects, Result<TrackerPage<TrackerProject>>>(_ => new Unavailable("Jira does not answer."));
        _ = picker.Find("input").InputAsync("zz");
        Clock.Advance(ProjectPicker.TypingPause);
        await picker.WaitForStateAsync(() => picker.FindAll("[role=alert]").Count == 1);
        Assert.True(HasButton(picker, "Retry"));
    }

    private static KeyboardEventArgs Key(string key) => new() { Key = key };

    private static Result<TrackerPage<TrackerProject>> Page(ListTrackerProjects request)
    {
        var found = All.Where(project => request.Search is null || project.Name.Contains(request.Search, StringComparison.OrdinalIgnoreCase)).ToList();
        var from = int.Parse(request.Cursor ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        return new TrackerPage<TrackerProject>([.. found.Skip(from).Take(50)], from + 50 < found.Count ? $"{from + 50}" : null);
    }

    private IRenderedComponent<IComponent> Open(TrackerProject? value = null) => Render<ProjectPicker>(picker => picker
        .Add(one => one.Label, "Please select the project")
        .Add(one => one.Required, true)
        .Add(one => one.Value, value)
        .Add(one => one.ValueChanged, (TrackerProject? project) => chosen.Add(project)));
}
