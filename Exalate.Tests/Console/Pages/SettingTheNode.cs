using Bunit;
using Exalate.Console.Features.GeneralSettings;
using Exalate.Core;
using Exalate.Core.Settings;
using Exalate.Core.Trackers;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Console.Pages;

public sealed class SettingTheNode : PageTest
{
    public SettingTheNode()
    {
        Mediator.On<SaveNodeSettings, Result>(message =>
        {
            Settings = Settings with { NodeName = message.NodeName, Revision = Settings.Revision + 1 };
            return Result.Success;
        });
        Mediator.On<TestTracker, Result<TrackerTestView>>(_ => new TrackerTestView("Exalate Proxy", "https://acme.atlassian.net"));
        Mediator.On<ListTrackerEntityTypes, Result<IReadOnlyList<TrackerEntityType>>>(_ => Result.Of<IReadOnlyList<TrackerEntityType>>([new("1", "Bug"), new("2", "Task")]));
        Mediator.On<ListTrackerProjects, Result<TrackerPage<TrackerProject>>>(_ => new TrackerPage<TrackerProject>([Sample.Test], null));
    }

    [Fact]
    public async Task Changes_are_saved_with_the_revision_that_was_shown()
    {
        var page = Open();
        Assert.True(Button(page, "Save").HasAttribute("disabled"));
        Field(page, "Node name*").Input("Jira of Acme Corp");
        await Button(page, "Save").ClickAsync();

        var sent = Assert.Single(Mediator.Sent<SaveNodeSettings>());
        Assert.Equal((3, "Jira of Acme Corp", "acme", null, "kim@acme.example"), (sent.Revision, sent.NodeName, sent.ShortName, sent.TrackerToken, sent.By));
        Assert.Equal(Sample.Test, sent.DefaultProject);
        Assert.Contains("Saved", page.Markup);
        Assert.True(Button(page, "Save").HasAttribute("disabled"));
    }

    [Fact]
    public async Task The_token_is_write_only()
    {
        var page = Open();
        Assert.Equal("", Field(page, "Token").GetAttribute("value"));
        Assert.Equal("password", Field(page, "Token").GetAttribute("type"));
        Assert.Contains("set on 1 May", page.Find("#" + Field(page, "Token").GetAttribute("aria-describedby")).TextContent);
        Field(page, "Token").Input("secret-token");
        await Button(page, "Save").ClickAsync();

        Assert.Equal("secret-token", Assert.Single(Mediator.Sent<SaveNodeSettings>()).TrackerToken);
        Assert.DoesNotContain("secret-token", page.Markup);
        Assert.DoesNotContain(JSInterop.Invocations, call => call.Arguments.Any(argument => argument?.ToString()?.Contains("secret-token", StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task Two_admins_at_once_are_told()
    {
        Mediator.On<SaveNodeSettings, Result>(_ => new Conflict("Another admin saved General Settings in the meantime; nothing of yours was saved."));
        var page = Open();
        Field(page, "Node name*").Input("Mine");
        Settings = Settings with { NodeName = "Theirs", Revision = 4 };
        await Button(page, "Save").ClickAsync();
        Assert.Contains("Another admin saved General Settings in the meantime", Text(page.Find("[role=alert]")));
        Assert.Equal("Mine", Field(page, "Node name*").GetAttribute("value"));

        await Button(page, "Show the present values").ClickAsync();
        Assert.Equal("Theirs", Field(page, "Node name*").GetAttribute("value"));
        Assert.Empty(page.FindAll("[role=alert]"));
    }

    [Fact]
    public async Task Somebody_elses_save_appears_unless_one_is_in_the_middle_of_changes()
    {
        var page = Open();
        Settings = Settings with { NodeName = "Theirs", Revision = 4 };
        Changes.Ring(NodeChange.Settings);
        await page.WaitForStateAsync(() => Field(page, "Node name*").GetAttribute("value") == "Theirs");

        Clock.Advance(TimeSpan.FromSeconds(1));
        Field(page, "Node name*").Input("Mine");
        Settings = Settings with { NodeName = "Theirs again", Revision = 5 };
        Changes.Ring(NodeChange.Settings);
        await page.WaitForStateAsync(() => page.Markup.Contains("Another admin saved these settings while you were changing them.", StringComparison.Ordinal));
        Assert.Equal("Mine", Field(page, "Node name*").GetAttribute("value"));
    }

    [Fact]
    public async Task Leaving_with_unsaved_changes_asks()
    {
        var page = Open();
        var navigation = Services.GetRequiredService<NavigationManager>();
        Field(page, "Short name*").Input("acme2");
        await page.InvokeAsync(() => navigation.NavigateTo("/connections"));
        Assert.NotEmpty(page.FindAll("[role=alertdialog]"));
        Assert.Equal("settings", Address);
        await Button(page, "Stay").ClickAsync();
        Assert.Equal("acme2", Field(page, "Short name*").GetAttribute("value"));

        await page.InvokeAsync(() => navigation.NavigateTo("/connections"));
        await Button(page, "Leave").ClickAsync();
        Assert.Equal("connections", Address);
    }

    [Fact]
    public async Task Test_connection_tries_what_stands_in_the_form_and_saves_nothing()
    {
        var page = Open();
        Field(page, "Tracker address*").Input("https://other.atlassian.net ");
        Field(page, "Token").Input("t2");
        await Button(page, "Test connection").ClickAsync();

        Assert.Equal(new TestTracker(TrackerKind.Jira, "https://other.atlassian.net", "proxy@acme.example", "t2"), Assert.Single(Mediator.Sent<TestTracker>()));
        Assert.Contains("Exalate Proxy", page.Markup);
        Assert.Empty(Mediator.Sent<SaveNodeSettings>());
        Field(page, "Token").Input("t3");
        Assert.DoesNotContain("Exalate Proxy", page.Markup);
    }

    [Fact]
    public async Task A_refused_test_shows_the_trackers_sentence()
    {
        Mediator.On<TestTracker, Result<TrackerTestView>>(_ => new Unavailable("Jira at https://acme.atlassian.net refused the token (401)."));
        var page = Open();
        await Button(page, "Test connection").ClickAsync();

        Assert.Equal("Jira at https://acme.atlassian.net refused the token (401).", Text(page.Find("[role=alert]")));
    }

    [Fact]
    public async Task A_wrong_field_is_marked()
    {
        Mediator.On<SaveNodeSettings, Result>(_ => new Invalid("The short name may hold letters, digits, '_' and '-' only.", "ShortName"));
        var page = Open();
        Field(page, "Short name*").Input("a b");
        await Button(page, "Save").ClickAsync();

        Assert.Equal("true", Field(page, "Short name*").GetAttribute("aria-invalid"));
        Assert.Equal("a b", Field(page, "Short name*").GetAttribute("value"));
        Assert.Null(Field(page, "Node name*").GetAttribute("aria-invalid"));
    }

    [Fact]
    public void What_is_missing_stands_on_top()
    {
        Settings = Settings with { Missing = ["Enter the tracker's address and token."], TrackerTokenSetAt = null };
        var page = Open();

        Assert.Contains("Enter the tracker's address and token.", page.Markup);
        Assert.True(page.Find("[role=combobox]").HasAttribute("disabled"));
    }

    [Fact]
    public async Task Disposed_it_listens_no_more()
    {
        Open();
        await DisposeComponentsAsync();
        Assert.Equal(0, Changes.Listeners);
    }

    private IRenderedComponent<IComponent> Open()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/settings");
        return Render<GeneralSettingsPage>();
    }
}
