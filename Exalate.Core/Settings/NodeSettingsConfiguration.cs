using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exalate.Core.Settings;

internal sealed class NodeSettingsConfiguration : IEntityTypeConfiguration<NodeSettings>
{
    public void Configure(EntityTypeBuilder<NodeSettings> builder)
    {
        builder.ToTable("Settings").HasKey(settings => settings.Id);
        builder.Property(settings => settings.Id).ValueGeneratedNever();
        builder.Property(settings => settings.NodeUid).HasMaxLength(64);
        builder.Property(settings => settings.NodeName).HasMaxLength(200);
        builder.Property(settings => settings.ShortName).HasMaxLength(40);
        builder.Property(settings => settings.ExalateUrl).HasMaxLength(400);
        builder.Property(settings => settings.TrackerUrl).HasMaxLength(400);
        builder.Property(settings => settings.TrackerAccountName).HasMaxLength(256);
        builder.Property(settings => settings.DefaultProjectId).HasMaxLength(100);
        builder.Property(settings => settings.DefaultProjectKey).HasMaxLength(100);
        builder.Property(settings => settings.DefaultProjectName).HasMaxLength(300);
        builder.Property(settings => settings.DefaultEntityType).HasMaxLength(100);
        builder.Property(settings => settings.Revision).IsConcurrencyToken();
    }
}
