using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Exalate.Core.Settings;

public static class SettingsServices
{
    /// <summary>General Settings and the node's own tracker. The host configures <see cref="SettingsSeed"/> and calls <see cref="SettingsSeeding.SeedSettingsAsync"/> at start.</summary>
    public static IServiceCollection AddSettings(this IServiceCollection services)
    {
        services.AddOptions<SettingsSeed>();
        services.TryAddSingleton<NodeSettingsStore>();
        services.TryAddSingleton<ITrackerProvider, TrackerProvider>();
        return services;
    }
}
