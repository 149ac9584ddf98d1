using Exalate.Benchmarks.Processes;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Benchmarks.Sync;

/// <summary>What a node's database holds.</summary>
internal sealed record Footprint(long Bytes, long Rows)
{
    public static async Task<Footprint> OfAsync(NodeProcess node)
    {
        await using var db = node.Db();
        await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(PASSIVE)");
        var rows = 0L;
        foreach (var table in db.Model.GetEntityTypes().Select(type => type.GetTableName()!).Distinct().ToList())
            rows += await CountAsync(db, $"SELECT COUNT(*) FROM \"{table}\"");
        // Pages in use: what a deleted row left free is not counted.
        var bytes = await CountAsync(db, "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size) - (SELECT freelist_count FROM pragma_freelist_count) * (SELECT page_size FROM pragma_page_size)");
        return new Footprint(bytes, rows);
    }

    public static async Task<bool> IsBusyAsync(NodeProcess node)
    {
        await using var db = node.Db();
        return await CountAsync(db, "SELECT EXISTS (SELECT 1 FROM SyncEvents WHERE FinishedAt IS NULL) OR EXISTS (SELECT 1 FROM SyncRequests WHERE FinishedAt IS NULL)") > 0;
    }

    private static async Task<long> CountAsync(DbContext db, string sql)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
