using System.CommandLine;
using Exalate.Core;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Microsoft.Extensions.Options;

namespace Exalate.Benchmarks.Queue;

/// <summary>
/// <c>claims</c>: takes pairs from a database's queue, as a worker of a node does, and marks each by a file while it holds it. Run by several processes on one database: a file
/// that is there already means that two of them hold one pair.
/// </summary>
internal static class ClaimsCommand
{
    private const int Doubled = 1;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    public static Command Create()
    {
        var database = new Option<string>("--database") { Description = "Connection string of a SQLite database with pairs that are due.", Required = true };
        var marks = new Option<string>("--marks") { Description = "Folder for the marks, the same for all processes.", Required = true };
        var count = new Option<int>("--count") { Description = "How many pairs to take, one after the other.", DefaultValueFactory = _ => 100 };
        var command = new Command("claims", "Takes pairs from a queue that other processes work on. Exit code 1: two held one pair.") { database, marks, count };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(database)!, parsed.GetValue(marks)!, parsed.GetValue(count), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string connectionString, string marks, int count, CancellationToken cancellationToken)
    {
        var contexts = new ContextFactory(Options.Create(new DatabaseOptions { ConnectionString = connectionString }), []);
        var queue = new SqliteQueueStatements();
        var owner = new SystemRandomSource().NewGuid().ToString("N");
        for (var taken = 0; taken < count;)
        {
            await using var db = contexts.CreateDbContext();
            var now = TimeProvider.System.GetUtcNow();
            if (await queue.ClaimTwinAsync(db, new Claim(owner, now, now + Lease, count, count), cancellationToken) is not { } twin)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
                continue;
            }

            taken++;
            if (!await HoldAsync(Path.Combine(marks, twin.ToString("N")), cancellationToken))
            {
                System.Console.WriteLine($"The pair {twin} is held by two processes at once.");
                return Doubled;
            }

            await db.ReleaseAsync(twin, owner, 0, TimeProvider.System.GetUtcNow(), false, TimeProvider.System.GetUtcNow(), cancellationToken);
        }

        System.Console.WriteLine($"{count} pairs taken");
        return 0;
    }

    /// <returns>False when somebody else holds it.</returns>
    private static async Task<bool> HoldAsync(string mark, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(mark, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
