using System.CommandLine;
using System.Text;
using Exalate.Console.Hosting;
using Exalate.Core.RichText;

namespace Exalate.Console.Converting;

/// <summary>'convert': one rich text from one dialect into another, for people who write rules and for checks. Needs no settings and starts no node.</summary>
internal static class ConvertCommand
{
    /// <summary>What came in can't be read as that dialect at all.</summary>
    public const int Unreadable = 2;

    private static readonly string Description = $"""
        Converts one rich text: reads it from standard input, writes it to standard output (both UTF-8), ends with a line break.

        The dialects:
        {string.Join(Environment.NewLine, Dialects.All.Select(d => $"  {d.Name,-16}{d.Description}"))}

        What a dialect can't show is shown in words: docs/rich-text.md. An empty input is an empty document, but for adf, which is JSON.

        Exit code 0: converted. 1: wrong arguments, or a file or stream that can't be read. 2: the input can't be read as that dialect at all.

        Example: exalate convert --from adf --to markdown < description.json
        """;

    private static readonly Option<string> From = new("--from") { Description = "The dialect of the input", HelpName = "dialect", Required = true };
    private static readonly Option<string> To = new("--to") { Description = "The dialect of the output", HelpName = "dialect", Required = true };
    private static readonly Option<string?> Attachments = new("--attachments")
    {
        Description = """The attachments that pictures stand for, as JSON: {"ID OR NAME": {"name": "a.png", "url": "https://…", "id": "77"}, …}""",
        HelpName = "map.json",
    };

    public static Command Create()
    {
        var command = new Command("convert", Description) { From, To, Attachments };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.UnmatchedTokens.Count > 0)
            throw new StartupException($"'{parsed.UnmatchedTokens[0]}' is no option of convert. The text to convert is read from standard input; see convert --help.");
        Dialect from = DialectOf("--from", parsed.GetValue(From)), to = DialectOf("--to", parsed.GetValue(To));
        var hooks = RichTextHooks.None with { Attachments = parsed.GetValue(Attachments) is { } file ? AttachmentFile.Read(file) : AttachmentMap.Empty };
        await using var input = StandardInput.Open();
        await using var output = System.Console.OpenStandardOutput();
        return await ConvertAsync(from, to, hooks, input, output, System.Console.Error, cancellationToken);
    }

    /// <exception cref="StartupException">A stream can't be read or written.</exception>
    internal static async Task<int> ConvertAsync(
        Dialect from, Dialect to, RichTextHooks hooks, Stream input, Stream output, TextWriter errors, CancellationToken cancellationToken)
    {
        var text = await ReadAsync(input, cancellationToken);
        RichDocument document;
        try
        {
            document = from.Read(text, hooks);
        }
        catch (FormatException problem)
        {
            await errors.WriteLineAsync($"The input can't be read as {from.Description}: {problem.Message}");
            return Unreadable;
        }

        await WriteAsync(output, to.Write(document, hooks) + "\n", cancellationToken);
        return 0;
    }

    private static Dialect DialectOf(string option, string? name) =>
        Dialects.Find(name ?? "")
        ?? throw new StartupException($"{option} is '{name}', which is no dialect. Choose one of {string.Join(", ", Dialects.All.Select(d => d.Name))}.");

    // Bytes that are no UTF-8 become the replacement character: a text with one wrong byte is still worth converting.
    private static async Task<string> ReadAsync(Stream input, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new StreamReader(input, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 65_536, leaveOpen: true);
            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Standard input can't be read: {problem.Message}", problem);
        }
    }

    private static async Task WriteAsync(Stream output, string text, CancellationToken cancellationToken)
    {
        try
        {
            // A pipe whose reader went away is no failure: who reads decides how much. The stream itself keeps silent about it.
            await output.WriteAsync(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text), cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Standard output can't be written: {problem.Message}", problem);
        }
    }
}
