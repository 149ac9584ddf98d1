using Exalate.Benchmarks.Processes;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Benchmarks.Sync;

/// <summary>Pairs that were brought under sync long ago: copies of the rows of one that the nodes really made, under ids of their own.</summary>
internal static class OldPairs
{
    public static async Task AddAsync(NodeProcess node, int count)
    {
        await using var db = node.Db();
        await db.Database.OpenConnectionAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        // Ids that no node ever gives: the version digit is 8.
        var id = $"upper(printf('%08x-0000-8000-8000-%012x', {node.Name.Length}, n))";
        await CopyAsync(db, "Twins", count, new()
        {
            ["Id"] = id, ["PairId"] = id, ["LocalEntityId"] = "'old-' || n", ["RemoteEntityId"] = "'old-' || n", ["LocalKey"] = "'OLD-' || n", ["RemoteKey"] = "'OLD-' || n",
        });
        foreach (var table in new[] { "SyncEvents", "SyncRequests" })
            await CopyAsync(db, table, count, new() { ["EventId"] = "printf('old%029d', n)", ["TwinId"] = id }, without: "Id");
        await transaction.CommitAsync();
    }

    private static async Task CopyAsync(DbContext db, string table, int count, Dictionary<string, string> different, string? without = null)
    {
        var columns = (await ColumnsAsync(db, table)).Where(column => column != without).ToList();
        var finished = table == "Twins" ? "State = 'Synchronized'" : "Stage = 'Done'";
        var values = columns.Select(column => different.TryGetValue(column, out var value) ? value : $"row.\"{column}\"");
        await db.Database.ExecuteSqlRawAsync(
            $"WITH RECURSIVE counting(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting WHERE n < {{0}}) INSERT INTO {table} ({string.Join(", ", columns.Select(column => $"\"{column}\""))}) "
            + $"SELECT {string.Join(", ", values)} FROM counting, (SELECT * FROM {table} WHERE {finished} LIMIT 1) row",
            count);
    }

    private static async Task<IReadOnlyList<string>> ColumnsAsync(DbContext db, string table)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = (db.Database.CurrentTransaction as Microsoft.EntityFrameworkCore.Infrastructure.IInfrastructure<System.Data.Common.DbTransaction>)?.Instance;
        command.CommandText = $"SELECT name FROM pragma_table_info('{table}')";
        var names = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            names.Add(reader.GetString(0));
        return names;
    }
}
