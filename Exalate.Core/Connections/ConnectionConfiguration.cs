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
        // Connections of earlier versions are public.
        builder.Property(connection => connection.Reach).HasDefaultValue(Reach.Both);
        builder.Property(connection => connection.DeactivatedBy).HasMaxLength(256);
        builder.Property(connection => connection.Pulse).HasMaxLength(64);
        builder.Property(connection => connection.NextPulse).HasMaxLength(64);
        builder.Property(connection => connection.PartnerPulse).HasMaxLength(64);
        builder.HasIndex(connection => connection.Name).IsUnique();
        builder.HasIndex(connection => connection.RequestId).IsUnique();
        builder.HasIndex(connection => new { connection.LinkId, connection.IsInviter }).IsUnique();
    }
}

internal sealed class InvitationConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.ToTable("Invitations").HasKey(invitation => invitation.Id);
        builder.Property(invitation => invitation.Id).ValueGeneratedNever();
        builder.Property(invitation => invitation.TokenHash).HasMaxLength(64);
        builder.Property(invitation => invitation.CreatedBy).HasMaxLength(256);
        builder.Property(invitation => invitation.InvitedNodeUid).HasMaxLength(64);
        builder.Property(invitation => invitation.AcceptId).HasMaxLength(64);
        builder.Property(invitation => invitation.UsedByNodeUid).HasMaxLength(64);
        builder.Property(invitation => invitation.UsedFromAddress).HasMaxLength(60);
        builder.Property(invitation => invitation.RevokedBy).HasMaxLength(256);
        builder.Property(invitation => invitation.Revision).IsConcurrencyToken();
        builder.HasIndex(invitation => invitation.TokenHash).IsUnique();
        builder.HasIndex(invitation => new { invitation.ConnectionId, invitation.Number }).IsUnique();
        builder.HasOne<Connection>().WithMany().HasForeignKey(invitation => invitation.ConnectionId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class AcceptanceConfiguration : IEntityTypeConfiguration<Acceptance>
{
    public void Configure(EntityTypeBuilder<Acceptance> builder)
    {
        builder.ToTable("Acceptances").HasKey(acceptance => acceptance.ConnectionId);
        builder.Property(acceptance => acceptance.ConnectionId).ValueGeneratedNever();
        builder.Property(acceptance => acceptance.AcceptId).HasMaxLength(64);
        builder.Property(acceptance => acceptance.TokenHash).HasMaxLength(64);
        builder.Property(acceptance => acceptance.InviterUrl).HasMaxLength(400);
        builder.Property(acceptance => acceptance.InviterUid).HasMaxLength(64);
        builder.HasIndex(acceptance => acceptance.NextAttemptAt);
        builder.HasOne<Connection>().WithOne().HasForeignKey<Acceptance>(acceptance => acceptance.ConnectionId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class RegisteredInvitationConfiguration : IEntityTypeConfiguration<RegisteredInvitation>
{
    public void Configure(EntityTypeBuilder<RegisteredInvitation> builder)
    {
        builder.ToTable("RegisteredInvitations").HasKey(registered => registered.LinkId);
        builder.Property(registered => registered.LinkId).ValueGeneratedNever();
        builder.Property(registered => registered.TokenHash).HasMaxLength(64);
        builder.Property(registered => registered.AnswerKeyHash).HasMaxLength(64);
        builder.Property(registered => registered.InviterUid).HasMaxLength(64);
        builder.Property(registered => registered.FromAddress).HasMaxLength(60);
        builder.Property(registered => registered.Revision).IsConcurrencyToken();
        builder.HasIndex(registered => registered.ExpiresAt);
    }
}

internal sealed class ReceivedOfferConfiguration : IEntityTypeConfiguration<ReceivedOffer>
{
    public void Configure(EntityTypeBuilder<ReceivedOffer> builder)
    {
        builder.ToTable("ReceivedOffers").HasKey(offer => offer.Id);
        builder.Property(offer => offer.Id).ValueGeneratedNever();
        builder.Property(offer => offer.HandleHash).HasMaxLength(64);
        builder.Property(offer => offer.FromAddress).HasMaxLength(60);
        builder.HasIndex(offer => offer.HandleHash).IsUnique();
        builder.HasIndex(offer => offer.ExpiresAt);
    }
}
