using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace Exalate.Tests.Console.Host;

/// <summary>The built program as people start it: a process of its own, from a folder that has nothing to do with it.</summary>
public sealed partial class StaticFiles
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Script_and_styles_are_served_from_any_working_folder(string environment)
    {
        var folder = TemporaryFolder.Make();
        using var process = StartProgram(folder, environment);
        try
        {
            var url = await ListeningAsync(process);
            using var http = new HttpClient { BaseAddress = new Uri(url) };
            var page = await http.GetStringAsync("/sign-in");
            var files = References().Matches(page).Select(match => match.Groups[1].Value).ToList();
            Assert.Contains(files, file => file.StartsWith("_framework/blazor.web.", StringComparison.Ordinal));
            Assert.Contains(files, file => file.StartsWith("_content/Radzen.Blazor/css/material-dark-base.", StringComparison.Ordinal));
            foreach (var file in files.Append("_framework/blazor.web.js"))
            {
                using var response = await http.GetAsync("/" + file);
                Assert.True(response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentLength is not 0, $"{file} answered {response.StatusCode}");
            }
        }
        finally
        {
            await StopAsync(process);
            TemporaryFolder.Remove(folder);
        }
    }

    [Fact]
    public async Task A_stop_signal_ends_the_program_cleanly_within_seconds()
    {
        var folder = TemporaryFolder.Make();
        using var process = StartProgram(folder, "Production");
        await ListeningAsync(process);

        var watch = Stopwatch.StartNew();
        await StopAsync(process);

        Assert.Equal(0, process.ExitCode);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        TemporaryFolder.Remove(folder);
    }

    private static Process StartProgram(string folder, string environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(HostedNode.ProgramFolder, "Exalate.Console.dll"), "--urls", "http://127.0.0.1:0", "--data", Path.Combine(folder, "data")])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        return Process.Start(start)!;
    }

    private static async Task<string> ListeningAsync(Process process)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
                return match.Groups[1].Value;
        }

        throw new InvalidOperationException("The program ended: " + await process.StandardError.ReadToEndAsync());
    }

    private static async Task StopAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await process.WaitForExitAsync(patience.Token);
    }

    [GeneratedRegex("(?:src|href)=\"([^\"/][^\"]*\\.(?:js|css|svg))\"")]
    private static partial Regex References();

    [GeneratedRegex("listens on (http://127\\.0\\.0\\.1:\\d+)")]
    private static partial Regex Listening();
}
