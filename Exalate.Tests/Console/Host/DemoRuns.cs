using System.Net;
using System.Net.Sockets;
using Exalate.Console.Auth;

namespace Exalate.Tests.Console.Host;

/// <summary>The one command of a newcomer.</summary>
public sealed class DemoRuns : IDisposable
{
    private readonly string folder = TemporaryFolder.Make();
    private readonly int first = RunningProgram.FreePortBase();

    public void Dispose() => TemporaryFolder.Remove(folder);

    [Fact]
    public async Task Both_companies_start_say_what_is_where_and_stop_on_ctrl_c()
    {
        await using (var demo = Start())
        {
            await demo.LineAsync("Ready");
            Assert.Contains($"http://localhost:{first + 1}", demo.Output);
            Assert.Contains("admin@example.com / exalate-demo", demo.Output);
            Assert.Contains($":{first + 11}", demo.Output);
            Assert.Contains($":{first + 12}", demo.Output);
            Assert.Contains("TEST-1", demo.Output);
            Assert.Equal("", demo.Errors.Trim());
            await SignInBothAsync();

            demo.Signal("INT");
            await demo.WaitForExitAsync();
            Assert.Equal(0, demo.ExitCode);
            Assert.Equal("", demo.Errors.Trim());
        }

        // What was there is there again, under the same ids.
        var ids = NodeIds();
        await using var again = Start();
        await again.LineAsync("Ready");
        Assert.Equal(ids, NodeIds());
        await SignInBothAsync();

        await using (var second = StartAt(RunningProgram.FreePortBase()))
        {
            await second.WaitForExitAsync();
            Assert.Equal(1, second.ExitCode);
            Assert.Contains("is in use by another running demo", second.Errors);
        }

        again.Signal("TERM");
        await again.WaitForExitAsync();

        await using var reset = Start("--reset");
        await reset.LineAsync("Ready");
        Assert.NotEqual(ids, NodeIds());
    }

    [Fact]
    public async Task A_port_in_use_is_one_sentence()
    {
        using var occupant = new TcpListener(IPAddress.Loopback, first + 11);
        occupant.Start();
        await using var demo = Start();
        await demo.WaitForExitAsync();

        Assert.Equal(1, demo.ExitCode);
        Assert.StartsWith($"Port {first + 11} is already in use.", demo.Errors.Trim());
        Assert.Single(demo.Errors.Trim().Split('\n'));
        Assert.Equal("", demo.Output.Trim());
    }

    [Fact]
    public async Task A_folder_that_can_not_be_written_is_one_sentence()
    {
        var file = Path.Combine(folder, "file");
        await File.WriteAllTextAsync(file, "");
        await using var demo = RunningProgram.Start(folder, "Production", "demo", "--data", Path.Combine(file, "below"), "--port-base", first.ToString());
        await demo.WaitForExitAsync();

        Assert.Equal(1, demo.ExitCode);
        Assert.StartsWith($"The demo's data folder '{Path.Combine(file, "below")}' can't be written:", demo.Errors.Trim());
        Assert.Single(demo.Errors.Trim().Split('\n'));
    }

    private RunningProgram Start(params string[] more) => StartAt(first, more);

    private RunningProgram StartAt(int portBase, params string[] more) =>
        RunningProgram.Start(folder, "Production", ["demo", "--data", Path.Combine(folder, "demo"), "--port-base", portBase.ToString(), .. more]);

    private async Task SignInBothAsync()
    {
        var cookies = new CookieContainer();
        foreach (var port in new[] { first + 1, first + 2 })
        {
            using var browser = new TestBrowser($"http://localhost:{port}", cookies);
            await browser.SignInAsync(DemoPasswords.Email, DemoPasswords.Password);
        }
    }

    private List<string> NodeIds() =>
        [.. Directory.GetFiles(Path.Combine(folder, "demo"), "node.id", SearchOption.AllDirectories).Order().Select(File.ReadAllText)];
}
