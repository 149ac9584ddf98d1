using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Hosting;

/// <summary>One line per message: time, level, node (when several share the process), the last part of the category, text. Example: "12:03:11 warn jira  PeerClient: …".</summary>
internal sealed class NodeConsoleFormatter(IOptions<NodeConsoleFormatterOptions> options, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "exalate";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if ((text.Length == 0 && logEntry.Exception is null) || IsFailedStart(logEntry.Category, logEntry.EventId))
            return;
        textWriter.Write(time.GetLocalNow().ToString("HH:mm:ss "));
        textWriter.Write(LevelName(logEntry.LogLevel));
        textWriter.Write(' ');
        if (options.Value.NodeName is { Length: > 0 } node)
            textWriter.Write($"{node,-6} ");
        textWriter.Write(logEntry.Category.AsSpan(logEntry.Category.LastIndexOf('.') + 1));
        textWriter.Write(": ");
        // A line break in a message could pass for a line of the log, and other control characters steer a terminal.
        textWriter.WriteLine(OneLine(text));
        if (logEntry.Exception is not null)
            textWriter.WriteLine("         " + logEntry.Exception.ToString().ReplaceLineEndings(Environment.NewLine + "         "));
    }

    private static string OneLine(string text) => string.Create(text.Length, text, static (line, from) =>
    {
        for (var i = 0; i < line.Length; i++)
            line[i] = char.IsControl(from[i]) || from[i] is '\u2028' or '\u2029' ? ' ' : from[i];
    });

    // The exception goes on to the command line, which says it in a sentence; a stack trace before it would bury that.
    private static bool IsFailedStart(string category, EventId id) => id.Id == 11 && category == "Microsoft.Extensions.Hosting.Internal.Host";

    private static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}

internal sealed class NodeConsoleFormatterOptions : ConsoleFormatterOptions
{
    /// <summary>Stands in each line when several nodes share the process. Example: "jira".</summary>
    public string? NodeName { get; set; }
}
