using Exalate.Core;
using Exalate.Core.Access;
using Exalate.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace Exalate.Tests.Storage;

/// <summary>Commits share one wait for the disk: nobody is told "stored" before a power cut could not take it back, and who can't store says so.</summary>
public sealed class PowerCuts : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string folder = Directory.CreateTempSubdirectory("exalate-cut-").FullName;
    private readonly SemaphoreSlim entered = new(0);
    private readonly SemaphoreSlim mayEnd = new(0);
    private TestDatabase database = null!;
    private SqliteConnection keeper = null!;
    private SqliteWriteGate gate = null!;
    private long synced;
    private bool isHeldUp;
    private bool isBroken;
    private int cuts;

    private string FilePath => new SqliteConnectionStringBuilder(database.Options.ConnectionString).DataSource;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        gate = new SqliteWriteGate(new SqliteGroupSync(FilePath + "-wal") { Flush = Flush });
        // While one connection is open, and has read, SQLite keeps its log.
        keeper = new SqliteConnection(database.Options.ConnectionString);
        await keeper.OpenAsync();
        await using (var look = keeper.CreateCommand())
        {
            look.CommandText = "PRAGMA journal_mode=WAL; SELECT COUNT(*) FROM AuditEntries";
            await look.ExecuteNonQueryAsync();
        }

        await StoreAsync("first");
        isHeldUp = true;
    }

    public async Task DisposeAsync()
    {
        await keeper.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Nobody_is_told_before_the_disk_has_it_and_what_was_told_outlives_a_power_cut()
    {
        var second = StoreAsync("second");
        Assert.True(await entered.WaitAsync(Patience));
        Assert.False(second.IsCompleted);
        Assert.Equal(["first"], AfterAPowerCut());

        // Commits while the disk is busy with the second: that sync began too early for it.
        var third = StoreAsync("third");
        await UntilCommittedAsync("third");
        mayEnd.Release();
        await second.WaitAsync(Patience);
        Assert.Equal(["first", "second"], AfterAPowerCut().Take(2));
        Assert.True(await entered.WaitAsync(Patience));
        Assert.False(third.IsCompleted);
        mayEnd.Release();
        await third.WaitAsync(Patience);
        Assert.Equal(["first", "second", "third"], AfterAPowerCut());
    }

    [Fact]
    public async Task A_disk_that_refuses_is_told_to_all_who_wait_for_it_and_the_next_one_is_asked_anew()
    {
        var one = StoreAsync("one");
        Assert.True(await entered.WaitAsync(Patience));
        var other = StoreAsync("other");
        await UntilCommittedAsync("other");
        isBroken = true;
        mayEnd.Release(2);
        foreach (var refused in new[] { one, other })
            Assert.Equal(1034, Find(await Assert.ThrowsAnyAsync<Exception>(() => refused.WaitAsync(Patience))).SqliteExtendedErrorCode);
        Assert.Equal(["first"], AfterAPowerCut());

        (isBroken, isHeldUp) = (false, false);
        await StoreAsync("at last");
        Assert.Contains("at last", AfterAPowerCut());
    }

    [Fact]
    public async Task A_database_that_another_program_locks_is_said_and_the_work_goes_on_when_it_is_free()
    {
        isHeldUp = false;
        var health = new StorageHealth(Options.Create(database.Options), new NodeChanges(), TimeProvider.System, NullLogger<StorageHealth>.Instance);
        var impatient = new ContextFactory(Options.Create(new DatabaseOptions { ConnectionString = database.Options.ConnectionString + ";Default Timeout=1" }), [new StorageCommandWatch(health), new StorageCommitWatch(health)]);
        await using (keeper.BeginTransaction(deferred: false))
        {
            await using var db = impatient.CreateDbContext();
            db.Add(Entry("never told"));
            var failure = await Assert.ThrowsAnyAsync<Exception>(() => db.SaveChangesAsync());
            Assert.True(health.Notice(failure));
            Assert.Contains("Another program keeps the database", health.Problem!.Sentence, StringComparison.Ordinal);
            await health.ProbeAsync(impatient, default);
            Assert.NotNull(health.Problem);
        }

        await health.ProbeAsync(impatient, default);
        Assert.Null(health.Problem);
        await StoreAsync("afterwards");
        Assert.Equal(["first", "afterwards"], AfterAPowerCut());
    }

    /// <summary>Before 3.42 SQLite could only wait for whole seconds: wherever readers and a writer met six times in a row, everybody behind that writer stood still for one.</summary>
    [Fact]
    public void SQLite_waits_for_milliseconds_where_it_waits() => Assert.True(new Version(keeper.ServerVersion) >= new Version(3, 42), keeper.ServerVersion);

    private void Flush(SafeFileHandle log)
    {
        // What is there when the sync begins; what is added later it need not bring to the disk.
        var length = RandomAccess.GetLength(log);
        if (isHeldUp)
        {
            entered.Release();
            mayEnd.Wait(Patience);
        }

        if (isBroken)
            throw new IOException("The disk does not answer.");
        RandomAccess.FlushToDisk(log);
        synced = length;
    }

    private async Task StoreAsync(string words)
    {
        var options = new DbContextOptionsBuilder<SqliteExalateDbContext>().UseSqlite(database.Options.ConnectionString)
            .AddInterceptors([new SqliteDurability(true), gate.Transactions, gate.Commands, gate.Saves]).Options;
        await using var db = new SqliteExalateDbContext(options);
        db.Add(Entry(words));
        await db.SaveChangesAsync();
    }

    private static AuditEntry Entry(string words) => new() { At = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Action = AuditAction.SettingsSaved, Subject = words };

    private async Task UntilCommittedAsync(string words)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!Read(database.Options.ConnectionString).Contains(words))
            await Task.Delay(5, patience.Token);
    }

    /// <summary>What a disk holds that lost everything past the last sync.</summary>
    private List<string> AfterAPowerCut()
    {
        var cut = Path.Combine(folder, $"cut-{cuts++}.db");
        File.Copy(FilePath, cut);
        using (var log = File.Open(FilePath + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        using (var left = File.Create(cut + "-wal"))
            log.CopyTo(left);
        using (var left = File.OpenWrite(cut + "-wal"))
            left.SetLength(synced);
        return Read($"Data Source={cut};Pooling=False");
    }

    private static List<string> Read(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Subject FROM AuditEntries ORDER BY Id";
        using var reader = command.ExecuteReader();
        var words = new List<string>();
        while (reader.Read())
            words.Add(reader.GetString(0));
        return words;
    }

    private static SqliteException Find(Exception failure) => failure as SqliteException ?? Find(failure.InnerException!);
}
