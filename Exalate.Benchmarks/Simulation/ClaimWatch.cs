using Exalate.Core.Storage;
using Microsoft.Data.Sqlite;

namespace Exalate.Benchmarks.Simulation;

/// <summary>Looks over the queue's shoulder: a pair that somebody holds must not be given to anybody.</summary>
internal sealed class ClaimWatch(IQueueStatements inner, string name, TestDatabase database, World world, Action<Guid, string> claimed) : IQueueStatements
{
    public async Task<Guid?> ClaimTwinAsync(ExalateDbContext db, Claim claim, CancellationToken cancellationToken)
    {
        var held = Held(claim.Now);
        var taken = await inner.ClaimTwinAsync(db, claim, cancellationToken);
        if (taken is { } twin)
        {
            if (held.Contains(twin))
                world.HeldTwice($"a process of {name} took a pair that another one held");
            claimed(twin, claim.Owner);
        }

        return taken;
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
