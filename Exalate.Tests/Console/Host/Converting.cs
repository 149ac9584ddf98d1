using System.Diagnostics;
using System.Text;

namespace Exalate.Tests.Console.Host;

/// <summary>'convert' as people and scripts run it: a process with streams and an exit code.</summary>
public sealed class Converting
{
    [Fact]
    public async Task The_document_and_one_line_break_go_to_stdout_as_utf8_without_a_mark()
    {
        var run = await ConvertAsync("\ufeff# Größe 😀\n\n* [x] done", "--from", "markdown", "--to", "asana");

        Assert.Equal((0, "<body><h1>Größe 😀</h1><ul><li>☑ done</li></ul></body>\n", ""), run);
    }

    [Theory]
    [InlineData("adf", """{"version":1,"type":"doc","content":[]}""")]
    [InlineData("asana", "<body></body>")]
    [InlineData("azure", "")]
    [InlineData("markdown", "")]
    public async Task Empty_input_is_an_empty_document(string to, string expected)
    {
        Assert.Equal((0, expected + "\n", ""), await ConvertAsync("", "--from", "text", "--to", to));
    }

    [Theory]
    [InlineData("certainly no JSON")]
    [InlineData("""{"version":1,"type":"paragraph","content":[]}""")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("")]
    [InlineData(" \n")]
    public async Task What_is_no_document_at_all_is_exit_code_2_and_a_sentence(string input)
    {
        var (code, output, errors) = await ConvertAsync(input, "--from", "adf", "--to", "text");

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("The input can't be read as Atlassian Document Format (Jira Cloud): ", errors);
        Assert.DoesNotContain("   at ", errors);
    }

    [Theory]
    [InlineData("--to is 'jira', which is no dialect", "--from", "adf", "--to", "jira")]
    [InlineData("'--from' is required", "--to", "adf")]
    [InlineData("'file.json' is no option", "--from", "adf", "--to", "text", "file.json")]
    [InlineData("'missing.json' can't be read", "--from", "adf", "--to", "text", "--attachments", "missing.json")]
    public async Task Wrong_arguments_are_exit_code_1_and_a_sentence(string sentence, params string[] arguments)
    {
        var (code, output, errors) = await ConvertAsync("{}", arguments);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(sentence, errors);
        Assert.DoesNotContain("   at ", errors);
    }

    [Fact]
    public async Task The_attachment_map_binds_pictures_by_id_and_by_name()
    {
        var folder = TemporaryFolder.Make();
        var map = Path.Combine(folder, "map.json");
        await File.WriteAllTextAsync(map, """{"media-1": {"name": "a.png", "id": 77}, "b.png": {"url": "https://files.example/b.png", "id": "78"}}""");
        const string adf = """
            {"version":1,"type":"doc","content":[
              {"type":"mediaSingle","attrs":{"layout":"center"},"content":[{"type":"media","attrs":{"type":"file","id":"media-1","collection":""}}]},
              {"type":"mediaSingle","attrs":{"layout":"center"},"content":[{"type":"media","attrs":{"type":"file","id":"media-2","collection":"","alt":"b.png"}}]}]}
            """;
        try
        {
            var asana = await ConvertAsync(adf, "--from", "adf", "--to", "asana", "--attachments", map);
            var azure = await ConvertAsync(adf, "--from", "adf", "--to", "azure", "--attachments", map);

            Assert.Equal((0, "<body><img data-asana-gid=\"77\" alt=\"a.png\"/>\n\n<img data-asana-gid=\"78\" alt=\"b.png\"/></body>\n", ""), asana);
            Assert.Equal((0, "<p>[image: a.png]</p><p><img src=\"https://files.example/b.png\" alt=\"b.png\"></p>\n", ""), azure);
        }
        finally
        {
            TemporaryFolder.Remove(folder);
        }
    }

    private static async Task<(int Code, string Output, string Errors)> ConvertAsync(string input, params string[] arguments)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(HostedNode.ProgramFolder, "Exalate.Console.dll"), "convert", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
            StandardErrorEncoding = utf8,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
