using Exalate.Console.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Exalate.Tests.Console.Host;

public sealed class LogLines
{
    [Fact]
    public void A_message_is_one_line_with_time_level_node_and_place()
    {
        Assert.Matches("^\\d\\d:\\d\\d:\\d\\d warn jira   PeerClient: The partner does not answer\\.\n$", Write("jira", LogLevel.Warning, "Exalate.Core.Peers.PeerClient", "The partner does not answer."));
        Assert.Matches("^\\d\\d:\\d\\d:\\d\\d info PeerClient: Sent\\.\n$", Write(null, LogLevel.Information, "PeerClient", "Sent."));
    }

    [Fact]
    public void A_line_break_in_a_message_can_not_pass_for_another_line()
    {
        Assert.Single(Write(null, LogLevel.Information, "Sync", "Title\r\n12:00:00 crit Sync: forged").TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_message_can_not_steer_the_terminal()
    {
        var line = Write(null, LogLevel.Information, "Sync", "K\u001b[2J\u0007\u009b31m-1\0").TrimEnd('\n');

        Assert.DoesNotContain(line, char.IsControl);
        Assert.EndsWith("-1 ", line);
    }

    [Fact]
    public void An_exception_is_indented_below_its_message()
    {
        var lines = Write(null, LogLevel.Error, "Sync", "Failed.", new InvalidOperationException("because")).TrimEnd().Split('\n');

        Assert.Equal(2, lines.Length);
        Assert.StartsWith("         System.InvalidOperationException: because", lines[1]);
    }

    private static string Write(string? node, LogLevel level, string category, string text, Exception? exception = null)
    {
        var formatter = new NodeConsoleFormatter(Options.Create(new NodeConsoleFormatterOptions { NodeName = node }), TimeProvider.System);
        using var writer = new StringWriter { NewLine = "\n" };
        formatter.Write(new LogEntry<string>(level, category, default, text, exception, (state, _) => state), null, writer);
        return writer.ToString();
    }
}
