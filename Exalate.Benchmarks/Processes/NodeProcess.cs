using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Benchmarks.Processes;

/// <summary>A node in a process of its own, and a look into its database from outside.</summary>
/// <param name="alsoAt">Another address at which it listens; null for none.</param>
/// <param name="host">By which name of this machine it goes.</param>
/// <param name="logFile">Null: beside the data folder.</param>
internal sealed class NodeProcess(
    string name, string dataFolder, int port, IReadOnlyList<string> settings, string? alsoAt = null, string host = "localhost", string? logFile = null) : IAsyncDisposable
{
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private ProgramProcess? program;

    public string Name => name;

    public string DataFolder => dataFolder;

    public string Url { get; } = $"http://{host}:{port}";

    public ProgramProcess Program => program ?? throw new InvalidOperationException($"The {name} node does not run.");

    public async Task StartAsync()
    {
        program = ProgramProcess.Start("Exalate.Console", ["--data", dataFolder, "--urls", alsoAt is null ? Url : $"{Url};{alsoAt}", "--Logging:LogLevel:Default=Warning", .. settings], logFile ?? dataFolder + ".log");
        await program.UntilHealthyAsync(http, Url + "/health/ready");
    }

    public async Task KillAsync()
    {
        await Program.KillAsync();
        await DisposeProgramAsync();
    }

    /// <summary>As a service manager does it.</summary>
    public Task StopAsync() => DisposeProgramAsync();

    public SqliteExalateDbContext Db() => new(new DbContextOptionsBuilder<SqliteExalateDbContext>()
        .UseSqlite($"Data Source={Path.Combine(dataFolder, "exalate.db")};Pooling=False").Options);

    /// <summary>Events and requests that are not finished.</summary>
    public async Task<IReadOnlyList<string>> UnfinishedAsync()
    {
        await using var db = Db();
        var events = await db.SyncEvents.Where(row => row.FinishedAt == null).Select(row => row.EventId).ToListAsync();
        var requests = await db.SyncRequests.Where(row => row.FinishedAt == null).Select(row => row.EventId).ToListAsync();
        return [.. events, .. requests];
    }

    /// <summary>Brings entities of this node's tracker under sync: stores what the first-sync dialog stores. The engine in the node's process finds it.</summary>
    public async Task ExalateAsync(IReadOnlyList<NewPair> pairs, Func<Guid> newId)
    {
        await using var db = Db();
        var connection = await db.Connections.Select(row => row.Id).SingleAsync();
        var now = TimeProvider.System.GetUtcNow();
        foreach (var pair in pairs)
        {
            var twin = new Twin
            {
                Id = newId(),
                ConnectionId = connection,
                PairId = newId(),
                LocalEntityId = pair.EntityId,
                LocalKey = pair.Key,
                LocalProjectId = pair.ProjectId,
                State = TwinState.FirstSync,
                StartedHere = true,
                CreatedAt = now,
                DueAt = now,
            };
            db.Twins.Add(twin);
            db.SyncEvents.Add(new SyncEvent { EventId = newId().ToString("N"), ConnectionId = connection, TwinId = twin.Id, Stage = EventStage.Queued, CreatedAt = now });
        }

        await db.SaveChangesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await DisposeProgramAsync();
        http.Dispose();
    }

    private async Task DisposeProgramAsync()
    {
        if (program is not null)
            await program.DisposeAsync();
        program = null;
    }
}

/// <param name="Key">What people call it. Example: "TEST-1".</param>
internal sealed record NewPair(string EntityId, string Key, string ProjectId);
