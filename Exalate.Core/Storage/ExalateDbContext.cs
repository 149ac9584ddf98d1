using Exalate.Core.Connections;
using Exalate.Core.Settings;
using Exalate.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Storage;

/// <summary>The node's database. Handlers take one context each from the factory: a circuit lives for hours.</summary>
public abstract class ExalateDbContext : DbContext
{
    protected ExalateDbContext(DbContextOptions options)
        : base(options) =>
        // A save that fails ends its transaction as a whole: nobody goes on inside it. A savepoint around each costs more than the save.
        Database.AutoSavepointsEnabled = false;

    public DbSet<NodeSettings> Settings => Set<NodeSettings>();

    public DbSet<Connection> Connections => Set<Connection>();

    public DbSet<Twin> Twins => Set<Twin>();

    public DbSet<SyncEvent> SyncEvents => Set<SyncEvent>();

    public DbSet<SyncRequest> SyncRequests => Set<SyncRequest>();

    public DbSet<Trace> Traces => Set<Trace>();

    public DbSet<Intent> Intents => Set<Intent>();

    public DbSet<ConflictRecord> Conflicts => Set<ConflictRecord>();

    public DbSet<TrackerWatch> Watches => Set<TrackerWatch>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ExalateDbContext).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // EF Core 6 on SQLite can neither order nor compare DateTimeOffset: every time is stored as UTC ticks.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
    }
}
