using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exalate.Core.Connections;

internal sealed class ConnectionConfiguration : IEntityTypeConfiguration<Connection>
{
    public void Configure(EntityTypeBuilder<Connection> builder)
    {
        builder.ToTable("Connections").HasKey(connection => connection.Id);
        builder.Property(connection => connection.Id).ValueGeneratedNever();
        builder.Property(connection => connection.Name).HasMaxLength(120);
        builder.Property(connection => connection.LocalShortName).HasMaxLength(40);
        builder.Property(connection => connection.RemoteShortName).HasMaxLength(40);
        builder.Property(connection => connection.ProjectId).HasMaxLength(100);
        builder.Property(connection => connection.ProjectKey).HasMaxLength(100);
        builder.Property(connection => connection.ProjectName).HasMaxLength(300);
        builder.Property(connection => connection.RemoteUrl).HasMaxLength(400);
        builder.Property(connection => connection.RemoteTrackerUrl).HasMaxLength(400);
        builder.Property(connection => connection.RemoteNodeUid).HasMaxLength(64);
        builder.Property(connection => connection.RemoteNodeName).HasMaxLength(200);
        builder.Property(connection => connection.RemoteVersion).HasMaxLength(40);
        builder.Property(connection => connection.CreatedBy).HasMaxLength(256);
        builder.HasIndex(connection => connection.Name).IsUnique();
        builder.HasIndex(connection => new { connection.LinkId, connection.IsInviter }).IsUnique();
    }
}
