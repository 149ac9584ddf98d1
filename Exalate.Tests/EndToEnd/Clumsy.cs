using System.Net;
using System.Net.Sockets;
using Exalate.Tests.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Exalate.Tests.EndToEnd;

/// <summary>What people do when nobody stands beside them: each mistake gets its own sentence, and nothing is lost or doubled.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class Clumsy(SharedChromium shared) : EndToEndTest(shared)
{
    private Demo demo = null!;
    private ConsolePage jira = null!;
    private ConsolePage asana = null!;

    public override async Task InitializeAsync()
    {
        demo = await Demo.StartAsync(nameof(Clumsy));
        jira = await ConsolePage.OpenAsync(await NewContextAsync(), demo.Jira);
        asana = await ConsolePage.OpenAsync(await NewContextAsync(), demo.Asana);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await demo.DisposeAsync();
    }

    [Fact]
    public Task In_the_wizard() => WatchedAsync(async () =>
    {
        await jira.StartInitiatingAsync();
        await jira.ProbeAsync("http://localhost:1");
        var unreachable = await ErrorAsync(jira);
        Assert.Equal("http://localhost:1", await jira.Field("Destination instance URL").InputValueAsync());

        using var listener = new NoNode();
        await jira.ProbeAsync(listener.Url);
        var noNode = await ErrorAsync(jira, not: unreachable);
        await jira.ProbeAsync("not a url");
        await ErrorAsync(jira, not: noNode);

        await jira.ProbeAsync(demo.Jira);
        await Expect(jira.Dialog.GetByText("your own instance").First).ToBeVisibleAsync();
        await jira.Field("Destination instance URL").FillAsync("");
        await jira.Dialog.GetByRole(AriaRole.Switch, new() { Name = "I don't have a URL" }).CheckAsync();
        await Expect(jira.Dialog.GetByRole(AriaRole.Radio)).ToHaveCountAsync(3);
        await jira.Dialog.GetByRole(AriaRole.Switch, new() { Name = "I don't have a URL" }).UncheckAsync();

        // Closing in the middle asks; Previous and a reload keep what was entered.
        await jira.ProbeAsync(demo.Asana);
        await Expect(jira.Dialog.GetByText("Choose the configuration type")).ToBeVisibleAsync();
        await Expect(jira.Dialog.GetByRole(AriaRole.Radio, new() { Name = "Visual" })).ToBeDisabledAsync();
        await jira.Button("Next").ClickAsync();
        await jira.ChooseProjectAsync("Test (TEST)");
        await Expect(jira.Dialog.GetByRole(AriaRole.Combobox)).ToHaveAttributeAsync("aria-expanded", "false");
        await jira.Page.Keyboard.PressAsync("Escape");
        await jira.Page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Keep editing" }).ClickAsync();
        await jira.Button("Next").ClickAsync();
        await jira.Button("< Previous").ClickAsync();
        await Expect(jira.Dialog.GetByPlaceholder("Select Project")).ToHaveValueAsync("Test (TEST)");
        await jira.Page.ReloadAsync();
        await Expect(jira.Dialog.GetByPlaceholder("Select Project")).ToHaveValueAsync("Test (TEST)");
        await jira.Button("Next").ClickAsync();
        await jira.Dialog.GetByText("No, I don't have admin access").ClickAsync();
        await jira.Button("Initiate").DblClickAsync();
        await Expect(jira.Field("Invitation code")).ToBeVisibleAsync();
        await Expect(jira.Rows).ToHaveCountAsync(1);
    });

    [Fact]
    public Task With_invitation_codes() => WatchedAsync(async () =>
    {
        var code = await jira.InviteAsync(demo.Asana, "Test (TEST)");
        await jira.PasteAfterClosingAsync(code);
        var own = await ErrorAsync(jira);
        await asana.PasteAsync(code[..^9]);
        var mangled = await ErrorAsync(asana, not: own);
        await asana.Field("Invitation code").FillAsync("hello");
        await asana.Button("Next").ClickAsync();
        await ErrorAsync(asana);

        await jira.Page.Keyboard.PressAsync("Escape");
        await jira.Page.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
        await jira.OpenRowMenuAsync();
        await jira.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Revoke invitation" }).ClickAsync();
        await jira.Page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(jira.Rows.First).ToContainTextAsync("Invitation revoked");
        await asana.Field("Invitation code").FillAsync(code);
        await asana.Button("Next").ClickAsync();
        var revoked = await ErrorAsync(asana, not: mangled);

        await jira.OpenRowMenuAsync();
        await jira.Page.GetByRole(AriaRole.Menuitem, new() { Name = "New invitation" }).ClickAsync();
        var second = await jira.Field("Invitation code").InputValueAsync();
        Assert.NotEqual(code, second);
        await asana.Field("Invitation code").FillAsync(second);
        await asana.Button("Next").ClickAsync();
        await asana.Button("Confirm").ClickAsync();
        await asana.ExpectEstablishedAsync();
        await asana.CloseDialogAsync();
        await asana.PasteAsync(second);
        await ErrorAsync(asana, not: revoked);
        await Expect(asana.Rows).ToHaveCountAsync(1);
    });

    [Fact]
    public Task With_keys() => WatchedAsync(async () =>
    {
        await asana.AcceptAsync(await jira.InviteAsync(demo.Asana, "Test (TEST)"), null);
        await jira.ExpectEstablishedAsync();
        await jira.ExalateAsync("TEST-99999");
        var unknown = await ErrorAsync(jira);
        await jira.ExalateAsync("COM-1");
        var otherProject = await ErrorAsync(jira, not: unknown);
        await jira.ExalateAsync("what?");
        var noKey = await ErrorAsync(jira, not: otherProject);
        await jira.Field("Issue key").FillAsync($"  {demo.JiraTracker}/browse/TEST-2 ");
        await jira.Field("Issue key").PressAsync("Enter");
        await jira.ExpectSynchronizedAsync();
        await jira.Button("Sync another issue").ClickAsync();
        await jira.ExalateAsync("TEST-2");
        await ErrorAsync(jira, not: noKey);
        Assert.Equal("TEST-2", await jira.Field("Issue key").InputValueAsync());
    });

    [Fact]
    public Task Two_admins_at_the_same_time() => WatchedAsync(async () =>
    {
        var other = await ConsolePage.OpenAsync(await NewContextAsync(), demo.Asana);
        var code = await jira.InviteAsync(demo.Asana, "Test (TEST)");
        await Task.WhenAll(asana.PasteAsync(code), other.PasteAsync(code));
        await Task.WhenAll(asana.Button("Confirm").ClickAsync(), other.Button("Confirm").ClickAsync());
        // Both see the one connection: the second Confirm finds it made, or reads why not.
        await Expect(asana.Dialog.GetByText("Connection established successfully").Or(asana.Dialog.GetByRole(AriaRole.Alert))).ToBeVisibleAsync();
        await Expect(other.Dialog.GetByText("Connection established successfully").Or(other.Dialog.GetByRole(AriaRole.Alert))).ToBeVisibleAsync();
        await Expect(asana.Rows).ToHaveCountAsync(1);
        await Expect(other.Rows).ToHaveCountAsync(1);
        await Expect(other.Rows.First).ToContainTextAsync("Active");
        await Expect(jira.Rows).ToHaveCountAsync(1);

        await SettingsAtTheSameTimeAsync(other);
    });

    private async Task SettingsAtTheSameTimeAsync(ConsolePage other)
    {
        await asana.Page.GotoAsync(demo.Asana + "/settings");
        await other.Page.GotoAsync(demo.Asana + "/settings");
        await asana.Page.GetByLabel("Node name").FillAsync("Mine");
        await other.Page.GetByLabel("Node name").FillAsync("Theirs");
        await asana.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(asana.Page.GetByText("Saved", new() { Exact = true })).ToBeVisibleAsync();
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(other.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Another admin saved");
        await other.Page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Button, new() { Name = "Show the present values" }).ClickAsync();
        await Expect(other.Page.GetByLabel("Node name")).ToHaveValueAsync("Mine");
    }

    /// <summary>The sentence in the dialog; a different mistake must get a different one.</summary>
    private static async Task<string> ErrorAsync(ConsolePage console, string? not = null)
    {
        var alert = console.Dialog.GetByRole(AriaRole.Alert);
        await Expect(alert).ToBeVisibleAsync();
        if (not is not null)
            await Expect(alert).Not.ToHaveTextAsync(not);
        var sentence = (await alert.InnerTextAsync()).Trim();
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("Something went wrong", sentence, StringComparison.Ordinal);
        return sentence;
    }

    /// <summary>A web server that is no node.</summary>
    private sealed class NoNode : IDisposable
    {
        private readonly HttpListener listener = new();
        private readonly Task serving;

        public NoNode()
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            Url = $"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}";
            probe.Stop();
            listener.Prefixes.Add(Url + "/");
            listener.Start();
            serving = ServeAsync();
        }

        public string Url { get; }

        public void Dispose()
        {
            listener.Stop();
            serving.Wait(TimeSpan.FromSeconds(5));
            listener.Close();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await listener.GetContextAsync();
                    context.Response.ContentType = "text/html";
                    await context.Response.OutputStream.WriteAsync("<html><body>Welcome to nginx!</body></html>"u8.ToArray());
                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Stopped.
            }
        }
    }
}
