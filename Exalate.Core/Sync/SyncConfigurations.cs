using Exalate.Core.Connections;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exalate.Core.Sync;

internal sealed class TwinConfiguration : IEntityTypeConfiguration<Twin>
{
    public void Configure(EntityTypeBuilder<Twin> builder)
    {
        builder.ToTable("Twins").HasKey(twin => twin.Id);
        builder.Property(twin => twin.Id).ValueGeneratedNever();
        builder.Property(twin => twin.LocalEntityId).HasMaxLength(100);
        builder.Property(twin => twin.RemoteEntityId).HasMaxLength(100);
        builder.Property(twin => twin.LocalKey).HasMaxLength(100);
        builder.Property(twin => twin.RemoteKey).HasMaxLength(100);
        builder.Property(twin => twin.LocalProjectId).HasMaxLength(100);
        builder.Property(twin => twin.LeaseOwner).HasMaxLength(80);
        builder.Property(twin => twin.PartnerVoucher).HasMaxLength(64);
        builder.HasOne<Connection>().WithMany().HasForeignKey(twin => twin.ConnectionId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(twin => new { twin.ConnectionId, twin.PairId }).IsUnique();
        builder.HasIndex(twin => new { twin.ConnectionId, twin.LocalEntityId }).IsUnique();
        builder.HasIndex(twin => new { twin.ConnectionId, twin.RemoteEntityId }).IsUnique();
        builder.HasIndex(twin => twin.LocalEntityId);
        // The watcher asks for its next project, many times an hour.
        builder.HasIndex(twin => twin.LocalProjectId);
        // A partner that lost its memory asks for all pairs, a page at a time.
        builder.HasIndex(twin => new { twin.ConnectionId, twin.CreatedAt });
        // Only pairs that lost an entity, for the guard's count.
        builder.HasIndex(twin => new { twin.ConnectionId, twin.LocalGoneAt }).HasFilter("\"LocalGoneAt\" IS NOT NULL");
        builder.HasIndex(twin => new { twin.ConnectionId, twin.RemoteGoneAt }).HasFilter("\"RemoteGoneAt\" IS NOT NULL");
        // The queue's three: what is due in a connection, what of it is in work (a handful of rows), when it had its last turn.
        builder.HasIndex(twin => new { twin.ConnectionId, twin.AwaitsPartner, twin.DueAt }).HasFilter("DueAt IS NOT NULL");
        builder.HasIndex(twin => new { twin.ConnectionId, twin.LeaseUntil }).HasFilter("LeaseUntil IS NOT NULL");
        builder.HasIndex(twin => new { twin.ConnectionId, twin.ClaimedAt });
    }
}

internal sealed class SyncEventConfiguration : IEntityTypeConfiguration<SyncEvent>
{
    public void Configure(EntityTypeBuilder<SyncEvent> builder)
    {
        builder.ToTable("SyncEvents").HasKey(row => row.Id);
        builder.Property(row => row.EventId).HasMaxLength(64);
        builder.Property(row => row.ChangedFields).HasMaxLength(200);
        builder.Ignore(row => row.IsOpen);
        builder.HasOne<Twin>().WithMany().HasForeignKey(row => row.TwinId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(row => new { row.ConnectionId, row.EventId }).IsUnique();
        builder.HasIndex(row => new { row.TwinId, row.Stage });
        builder.HasIndex(row => row.FinishedAt);
        // Only rows that are errors: the Errors page reads these, and healthy traffic does not pay for it.
        builder.HasIndex(row => row.ProblemSince).HasFilter("\"ProblemSince\" IS NOT NULL");
    }
}

internal sealed class SyncRequestConfiguration : IEntityTypeConfiguration<SyncRequest>
{
    public void Configure(EntityTypeBuilder<SyncRequest> builder)
    {
        builder.ToTable("SyncRequests").HasKey(row => row.Id);
        builder.Property(row => row.EventId).HasMaxLength(64);
        builder.Ignore(row => row.IsOpen);
        builder.HasOne<Twin>().WithMany().HasForeignKey(row => row.TwinId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(row => new { row.ConnectionId, row.EventId }).IsUnique();
        builder.HasIndex(row => new { row.TwinId, row.Stage });
        builder.HasIndex(row => new { row.ConnectionId, row.Serial });
        builder.HasIndex(row => row.FinishedAt);
        // Only rows that are errors: the Errors page reads these, and healthy traffic does not pay for it.
        builder.HasIndex(row => row.ProblemSince).HasFilter("\"ProblemSince\" IS NOT NULL");
    }
}

internal sealed class TraceConfiguration : IEntityTypeConfiguration<Trace>
{
    public void Configure(EntityTypeBuilder<Trace> builder)
    {
        builder.ToTable("Traces").HasKey(trace => trace.Id);
        builder.Property(trace => trace.Id).ValueGeneratedNever();
        builder.Property(trace => trace.LocalId).HasMaxLength(100);
        builder.Property(trace => trace.RemoteId).HasMaxLength(100);
        builder.Property(trace => trace.SourceHash).HasMaxLength(64);
        builder.Property(trace => trace.CopyHash).HasMaxLength(64);
        builder.HasOne<Twin>().WithMany().HasForeignKey(trace => trace.TwinId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(trace => new { trace.TwinId, trace.Kind, trace.LocalId }).IsUnique();
        builder.HasIndex(trace => new { trace.TwinId, trace.Kind, trace.RemoteId }).IsUnique();
    }
}

internal sealed class IntentConfiguration : IEntityTypeConfiguration<Intent>
{
    public void Configure(EntityTypeBuilder<Intent> builder)
    {
        builder.ToTable("Intents").HasKey(intent => intent.Id);
        builder.Property(intent => intent.Id).ValueGeneratedNever();
        builder.Property(intent => intent.OriginalId).HasMaxLength(100);
        builder.Property(intent => intent.EventId).HasMaxLength(64);
        builder.Property(intent => intent.OriginMark).HasMaxLength(200);
        builder.Property(intent => intent.ContentHash).HasMaxLength(64);
        builder.HasOne<Twin>().WithMany().HasForeignKey(intent => intent.TwinId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(intent => new { intent.TwinId, intent.Kind, intent.OriginalId }).IsUnique();
    }
}

internal sealed class ConflictRecordConfiguration : IEntityTypeConfiguration<ConflictRecord>
{
    public void Configure(EntityTypeBuilder<ConflictRecord> builder)
    {
        builder.ToTable("Conflicts").HasKey(conflict => conflict.Id);
        builder.Property(conflict => conflict.Id).ValueGeneratedNever();
        builder.Property(conflict => conflict.Field).HasMaxLength(40);
        builder.Property(conflict => conflict.ReversedBy).HasMaxLength(256);
        builder.HasOne<Twin>().WithMany().HasForeignKey(conflict => conflict.TwinId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(conflict => new { conflict.ConnectionId, conflict.At });
    }
}

internal sealed class TrackerWatchConfiguration : IEntityTypeConfiguration<TrackerWatch>
{
    public void Configure(EntityTypeBuilder<TrackerWatch> builder)
    {
        builder.ToTable("TrackerWatches").HasKey(watch => watch.RegistrationId);
        builder.Property(watch => watch.RegistrationId).HasMaxLength(64);
        builder.Property(watch => watch.TrackerUrl).HasMaxLength(400);
        builder.Property(watch => watch.CallbackUrl).HasMaxLength(500);
        builder.HasIndex(watch => watch.TrackerUrl).IsUnique();
    }
}
