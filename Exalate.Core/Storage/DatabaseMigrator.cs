using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Storage;

/// <summary>Brings the database to this version's shape at start, one process at a time.</summary>
public sealed partial class DatabaseMigrator(
    IDbContextFactory<ExalateDbContext> contexts, IOptions<DatabaseOptions> options, TimeProvider time, ILogger<DatabaseMigrator> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Applies what is missing. A second process waits up to two minutes for the first.</summary>
    /// <exception cref="InvalidOperationException">The lock or the file can't be had; the sentence says why.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Provider == DatabaseProvider.Sqlite)
            await MigrateSqliteAsync(cancellationToken);
        else
            await MigrateSqlServerAsync(cancellationToken);
    }

    private async Task MigrateSqliteAsync(CancellationToken cancellationToken)
    {
        var file = new SqliteConnectionStringBuilder(options.Value.ConnectionString).DataSource;
        var folder = Path.GetDirectoryName(Path.GetFullPath(file));
        if (!string.IsNullOrEmpty(folder))
            Directory.CreateDirectory(folder);
        // SQLite's own lock is per statement; a migration is many, so a file beside the database holds the others off.
        await using var held = await LockFileAsync(file + ".migrating", cancellationToken);
        await ApplyAsync(cancellationToken);
    }

    private async Task<FileStream> LockFileAsync(string path, CancellationToken cancellationToken)
    {
        var giveUp = time.GetUtcNow() + Patience;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (time.GetUtcNow() < giveUp)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (IOException exception)
            {
                throw new InvalidOperationException(
                    $"The database can't be prepared: another process has held {path} for two minutes. End it, or delete that file when no such process runs.", exception);
            }
        }
    }

    private async Task MigrateSqlServerAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        // A lock of the session, so that it spans the transactions of the migrations.
        await db.Database.ExecuteSqlRawAsync(
            "DECLARE @r int; EXEC @r = sp_getapplock @Resource = N'exalate-migration', @LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = 120000; IF @r < 0 THROW 50000, N'Another process is migrating the database and did not finish within two minutes.', 1;",
            cancellationToken);
        try
        {
            await ApplyAsync(cancellationToken);
        }
        finally
        {
            await db.Database.ExecuteSqlRawAsync("EXEC sp_releaseapplock @Resource = N'exalate-migration', @LockOwner = N'Session';", CancellationToken.None);
            await db.Database.CloseConnectionAsync();
        }
    }

    private async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        try
        {
            var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
            if (pending.Count == 0)
                return;
            await db.Database.MigrateAsync(cancellationToken);
            LogMigrated(pending.Count, pending[^1]);
        }
        catch (DbException exception)
        {
            throw new InvalidOperationException(
                $"The database can't be opened or brought to this version: {exception.Message} Check ConnectionStrings:Exalate and that the folder can be written.", exception);
        }
    }

    [LoggerMessage(1001, LogLevel.Information, "Database brought to this version: {Count} migrations, the last is {Last}")]
    private partial void LogMigrated(int count, string last);
}
