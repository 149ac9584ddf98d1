using System.Diagnostics;
using System.Net;
using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Exalate.Core.Sync.Errors;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.Console.Host;

/// <summary>A node on a disk of eight megabytes that fills up, and one whose database can't be written.</summary>
public sealed class FullDisk : IAsyncLifetime
{
    private readonly string disk = TemporaryFolder.Make();
    private bool isMounted;

    public async Task InitializeAsync() => isMounted = OperatingSystem.IsLinux() && Environment.UserName == "root" && await MountAsync("-t", "tmpfs", "-o", "size=8m", "tmpfs", disk);

    public async Task DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (isMounted)
            await RunAsync("umount", "-l", disk);
        Directory.Delete(disk, recursive: true);
    }

    [MountFact]
    public async Task A_full_disk_stops_the_node_with_one_line_and_it_goes_on_when_there_is_space()
    {
        Assert.True(isMounted, "The test disk could not be mounted.");
        await using var node = await HostedNode.StartAsync(folder: disk);
        using var browser = node.Browser();
        var ballast = Path.Combine(disk, "ballast");
        Fill(ballast);
        var refused = await WriteUntilRefusedAsync(node);

        Assert.True(node.Get<StorageHealth>().Notice(refused));
        await UntilAsync(async () => await AskAsync(browser) == (HttpStatusCode.ServiceUnavailable, "Unhealthy"));
        var error = Assert.Single((await node.Get<IMediator>().Send(new ListErrors(new ErrorFilter(ErrorScope.Node)))).Items);
        Assert.Contains("is full, so nothing can be stored", error.Sentence, StringComparison.Ordinal);
        // Longer than the pause between two looks: those that fail say nothing.
        await UntilAsync(() => Task.FromResult(node.Get<StorageHealth>().Problem!.Since < TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(4)));
        Assert.Single(node.Log.Lines, line => line.Contains("exalate.db", StringComparison.Ordinal) || line.Contains("SQLite", StringComparison.Ordinal));

        File.Delete(ballast);
        await UntilAsync(async () => await AskAsync(browser) == (HttpStatusCode.OK, "Healthy"));
        Assert.Single(node.Log.Lines, line => line.Contains("the work goes on", StringComparison.Ordinal));
        await using var db = await node.Get<IDbContextFactory<ExalateDbContext>>().CreateDbContextAsync();
        Assert.Equal(0, await db.Set<StorageProbe>().CountAsync());
    }

    [Fact]
    public async Task A_read_only_database_stops_the_node_and_it_goes_on_when_it_can_be_written()
    {
        await using var node = await HostedNode.StartAsync();
        await using (var db = await node.Get<IDbContextFactory<ExalateDbContext>>().CreateDbContextAsync())
        {
            // As where the database was attached read-only: this connection alone can be told so from here.
            await db.Database.OpenConnectionAsync();
            await db.Database.ExecuteSqlRawAsync("PRAGMA query_only = ON");
            await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM StorageProbes"));
            await db.Database.ExecuteSqlRawAsync("PRAGMA query_only = OFF");
        }

        var health = node.Get<StorageHealth>();
        Assert.Contains("read-only", health.Problem!.Sentence, StringComparison.Ordinal);
        await UntilAsync(() => Task.FromResult(health.Problem is null));
    }

    private static async Task<(HttpStatusCode, string)> AskAsync(TestBrowser browser)
    {
        using var answer = await browser.GetAsync("/health/ready");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static void Fill(string path)
    {
        using var file = File.Create(path);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static async Task<Exception> WriteUntilRefusedAsync(HostedNode node)
    {
        try
        {
            while (true)
            {
                await using var db = await node.Get<IDbContextFactory<ExalateDbContext>>().CreateDbContextAsync();
                db.Add(new ReceivedOffer
                {
                    Id = Ids.New(),
                    HandleHash = Ids.New().ToString("N"),
                    ProtectedCode = new string('x', 100_000),
                    WasHandedOver = false,
                    CreatedAt = TimeProvider.System.GetUtcNow(),
                    ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1),
                });
                await db.SaveChangesAsync();
            }
        }
        catch (Exception exception) when (exception is DbUpdateException or Microsoft.Data.Sqlite.SqliteException)
        {
            return exception;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holdsAsync)
    {
        var giveUp = Stopwatch.StartNew();
        while (!await holdsAsync())
        {
            Assert.True(giveUp.Elapsed < TimeSpan.FromSeconds(60), "It did not come to pass.");
            await Task.Delay(100);
        }
    }

    private static Task<bool> MountAsync(params string[] arguments) => RunAsync("mount", arguments);

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}

/// <summary>A test that mounts a disk of its own: for root on Linux alone.</summary>
internal sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            Skip = "Mounting a small disk needs root on Linux.";
    }
}
