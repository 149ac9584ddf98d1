using Exalate.Core.Peers;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exalate.Core.Connections.Life;

/// <summary>Something the partner has to know about this side of a connection. Stored with the change it tells of, gone when the partner has acknowledged it.</summary>
public sealed class ConnectionNotice
{
    public long Id { get; init; }

    public required Guid ConnectionId { get; init; }

    /// <summary>Rises with each notice of the connection; delivered in this order, one at a time.</summary>
    public required long Number { get; init; }

    public required NoticeKind Kind { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public int Attempts { get; set; }

    public required DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>Why the last try failed, in a sentence.</summary>
    public string? Problem { get; set; }
}

/// <summary>
/// What remains of a deleted connection until its partner knows: a key made from the secret, one way, that says "deleted" and opens nothing else.
/// </summary>
public sealed class Farewell
{
    public required Guid Id { get; init; }

    public required Guid LinkId { get; init; }

    public required string ConnectionName { get; init; }

    /// <summary>Null: the partner can't be called; it learns of it when it calls.</summary>
    public string? RemoteUrl { get; init; }

    public required string RemoteNodeUid { get; init; }

    /// <summary>The key, encrypted.</summary>
    public required string ProtectedKey { get; init; }

    public required DateTimeOffset DeletedAt { get; init; }

    public int Attempts { get; set; }

    public required DateTimeOffset NextAttemptAt { get; set; }
}

/// <summary>A pair of a deleted connection, kept on request: which entities belong together.</summary>
public sealed class FormerPair
{
    public long Id { get; init; }

    public required string ConnectionName { get; init; }

    public required string PartnerName { get; init; }

    public string? LocalEntityId { get; init; }

    public string? LocalKey { get; init; }

    public string? LocalLink { get; init; }

    public string? RemoteEntityId { get; init; }

    public string? RemoteKey { get; init; }

    public string? RemoteLink { get; init; }

    public required DateTimeOffset KeptAt { get; init; }
}

internal sealed class ConnectionNoticeConfiguration : IEntityTypeConfiguration<ConnectionNotice>
{
    public void Configure(EntityTypeBuilder<ConnectionNotice> builder)
    {
        builder.ToTable("ConnectionNotices").HasKey(notice => notice.Id);
        builder.HasIndex(notice => new { notice.ConnectionId, notice.Number }).IsUnique();
        builder.HasIndex(notice => notice.NextAttemptAt);
        builder.HasOne<Connection>().WithMany().HasForeignKey(notice => notice.ConnectionId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class FarewellConfiguration : IEntityTypeConfiguration<Farewell>
{
    public void Configure(EntityTypeBuilder<Farewell> builder)
    {
        builder.ToTable("Farewells").HasKey(farewell => farewell.Id);
        builder.Property(farewell => farewell.Id).ValueGeneratedNever();
        builder.Property(farewell => farewell.ConnectionName).HasMaxLength(120);
        builder.Property(farewell => farewell.RemoteUrl).HasMaxLength(400);
        builder.Property(farewell => farewell.RemoteNodeUid).HasMaxLength(64);
        builder.HasIndex(farewell => farewell.LinkId);
        builder.HasIndex(farewell => farewell.NextAttemptAt);
    }
}

internal sealed class FormerPairConfiguration : IEntityTypeConfiguration<FormerPair>
{
    public void Configure(EntityTypeBuilder<FormerPair> builder)
    {
        builder.ToTable("FormerPairs").HasKey(pair => pair.Id);
        builder.Property(pair => pair.ConnectionName).HasMaxLength(120);
        builder.Property(pair => pair.PartnerName).HasMaxLength(200);
        builder.Property(pair => pair.LocalEntityId).HasMaxLength(100);
        builder.Property(pair => pair.LocalKey).HasMaxLength(100);
        builder.Property(pair => pair.RemoteEntityId).HasMaxLength(100);
        builder.Property(pair => pair.RemoteKey).HasMaxLength(100);
        builder.HasIndex(pair => pair.ConnectionName);
    }
}

internal static class Notices
{
    /// <summary>Queues what the partner has to know; the caller commits it together with the change. Nothing is queued where nobody could be told.</summary>
    public static async Task QueueNoticeAsync(this ExalateDbContext db, Connection connection, NoticeKind kind, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (connection is not { ProtectedSecret: not null, RemoteNodeUid: not null, PartnerDeletedAt: null })
        {
            return;
        }

        // Only the present state matters: what was not delivered yet and is overtaken by this one goes.
        var waiting = await db.Set<ConnectionNotice>().Where(n => n.ConnectionId == connection.Id).ToListAsync(cancellationToken);
        db.RemoveRange(waiting.Where(n => Group(n.Kind) == Group(kind)));
        // By the clock, so that a database restored from an old copy does not fall behind what the partner has seen.
        connection.NoticeNumber = Math.Max(connection.NoticeNumber + 1, now.ToUnixTimeMilliseconds());
        db.Add(new ConnectionNotice { ConnectionId = connection.Id, Number = connection.NoticeNumber, Kind = kind, CreatedAt = now, NextAttemptAt = now });
    }

    private static NoticeKind Group(NoticeKind kind) => kind == NoticeKind.Activated ? NoticeKind.Deactivated : kind;
}
