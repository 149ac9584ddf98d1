using Exalate.Core.Storage;
using Microsoft.Data.Sqlite;

namespace Exalate.Benchmarks.Simulation;

/// <summary>Looks over the queue's shoulder: a pair that somebody holds must not be given to anybody.</summary>
internal sealed class ClaimWatch(IQueueStatements inner, string name, TestDatabase database, World world) : IQueueStatements
{
    public async Task<Guid?> ClaimTwinAsync(ExalateDbContext db, Claim claim, CancellationToken cancellationToken)
    {
        var held = Held(claim.Now);
        var claimed = await inner.ClaimTwinAsync(db, claim, cancellationToken);
        if (claimed is { } twin && held.Contains(twin))
            world.HeldTwice($"a process of {name} took a pair that another one held");
        return claimed;
    }

    private HashSet<Guid> Held(DateTimeOffset now)
    {
        using var command = database.Beside.CreateCommand();
        command.CommandText = "SELECT Id FROM Twins WHERE LeaseUntil >= @now";
        command.Parameters.Add(new SqliteParameter("@now", now.UtcTicks));
        using var reader = command.ExecuteReader();
        var held = new HashSet<Guid>();
        while (reader.Read())
            held.Add(Guid.Parse(reader.GetString(0)));
        return held;
    }
}
