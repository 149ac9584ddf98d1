using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exalate.Core.Access;

internal sealed class AdminUserConfiguration : IEntityTypeConfiguration<AdminUser>
{
    public void Configure(EntityTypeBuilder<AdminUser> builder)
    {
        builder.ToTable("AdminUsers");
        builder.HasKey(user => user.Id);
        builder.Property(user => user.Id).ValueGeneratedNever();
        builder.Property(user => user.Email).HasMaxLength(AdminUser.MaxEmailLength);
        builder.Property(user => user.NormalizedEmail).HasMaxLength(AdminUser.MaxEmailLength);
        builder.Property(user => user.PasswordHash).HasMaxLength(400);
        builder.Property(user => user.SecurityStamp).HasMaxLength(100);
        builder.Property(user => user.ConcurrencyStamp).HasMaxLength(100).IsConcurrencyToken();
        builder.HasIndex(user => user.NormalizedEmail).IsUnique().HasDatabaseName("UX_AdminUsers_NormalizedEmail");
    }
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("AuditEntries");
        builder.HasKey(entry => entry.Id);
        builder.Property(entry => entry.Actor).HasMaxLength(AdminUser.MaxEmailLength);
        builder.Property(entry => entry.Action).HasConversion<string>().HasMaxLength(40);
        builder.Property(entry => entry.Subject).HasMaxLength(AuditEntry.MaxTextLength);
        builder.Property(entry => entry.RemoteAddress).HasMaxLength(60);
        // The page reads newest first, the retention job deletes the oldest.
        builder.HasIndex(entry => entry.At).HasDatabaseName("IX_AuditEntries_At");
    }
}
