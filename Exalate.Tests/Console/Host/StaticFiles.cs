using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace Exalate.Tests.Console.Host;

/// <summary>The built program as people start it: from a folder that has nothing to do with it.</summary>
public sealed partial class StaticFiles : IDisposable
{
    private readonly string folder = TemporaryFolder.Make();

    public void Dispose() => TemporaryFolder.Remove(folder);

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Script_and_styles_are_served_from_any_working_folder(string environment)
    {
        await using var program = StartNode(environment);
        using var http = new HttpClient { BaseAddress = new Uri(await ListeningAsync(program)) };
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

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_stop_signal_ends_the_program_cleanly_within_seconds(string signal)
    {
        await using var program = StartNode("Production");
        await ListeningAsync(program);

        var watch = Stopwatch.StartNew();
        program.Signal(signal);
        await program.WaitForExitAsync();

        Assert.Equal(0, program.ExitCode);
        Assert.Equal("", program.Errors.Trim());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_wrong_setting_is_one_sentence_on_stderr_and_exit_code_one()
    {
        await using var program = RunningProgram.Start(folder, "Production", "--data", Path.Combine(folder, "data"), "--Database:Provider=Oracle");
        await program.WaitForExitAsync();

        Assert.Equal(1, program.ExitCode);
        Assert.Equal("Database:Provider is 'Oracle'. Use 'Sqlite' or 'SqlServer'.", program.Errors.Trim());
        Assert.Equal("", program.Output.Trim());
    }

    private RunningProgram StartNode(string environment) =>
        RunningProgram.Start(folder, environment, "--urls", "http://127.0.0.1:0", "--data", Path.Combine(folder, "data"));

    private static async Task<string> ListeningAsync(RunningProgram program) => Listening().Match(await program.LineAsync("listens on")).Groups[1].Value;

    [GeneratedRegex("(?:src|href)=\"([^\"/][^\"]*\\.(?:js|css|svg))\"")]
    private static partial Regex References();

    [GeneratedRegex("listens on (http://127\\.0\\.0\\.1:\\d+)")]
    private static partial Regex Listening();
}
