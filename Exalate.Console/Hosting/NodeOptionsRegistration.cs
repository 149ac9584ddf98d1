using Exalate.Console.Auth;
using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Exalate.Core.Sync.Guards;
using Exalate.Core.Trackers.Asana;
using Exalate.Core.Trackers.Jira;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Hosting;

/// <summary>Binds every section that a node reads and has it checked before anything starts.</summary>
internal static class NodeOptionsRegistration
{
    public static void AddNodeOptions(this WebApplicationBuilder builder, NodeDataFolder folder)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddSingleton<IValidateOptions<DatabaseSection>, DatabaseSectionValidator>()
            .AddOptions<DatabaseSection>().Bind(configuration.GetSection("Database"))
            .Configure(section =>
            {
                section.Provider = string.IsNullOrWhiteSpace(section.Provider) ? DatabaseSection.Sqlite : section.Provider;
                section.ConnectionString = configuration.GetConnectionString("Exalate");
            }).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FirstSettingsOptions>, FirstSettingsOptionsValidator>()
            .AddOptions<FirstSettingsOptions>().Bind(configuration.GetSection(FirstSettingsOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FirstAdminOptions>, FirstAdminOptionsValidator>()
            .AddOptions<FirstAdminOptions>().Bind(configuration.GetSection("Exalate:FirstAdmin")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsValidator>()
            .AddOptions<ProxyOptions>().Bind(configuration.GetSection("Exalate:Proxy")).ValidateOnStart();

        services.AddSingleton<IValidateOptions<SyncOptions>, SyncOptionsValidator>()
            .AddOptions<SyncOptions>().Bind(configuration.GetSection(SyncOptionsValidator.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GuardOptions>, GuardOptionsValidator>()
            .AddOptions<GuardOptions>().Bind(configuration.GetSection(GuardOptionsValidator.Section)).ValidateOnStart();
        services.AddOptions<PeerOptions>().Bind(configuration.GetSection("Peers"));
        services.AddOptions<JiraOptions>().Bind(configuration.GetSection("Exalate:Jira"));
        services.AddOptions<AsanaOptions>().Bind(configuration.GetSection("Exalate:Asana"));

        services.AddOptions<DatabaseOptions>()
            .Configure<IOptions<DatabaseSection>>((database, section) => section.Value.Apply(database, folder.Path));
        services.AddOptions<SettingsSeed>()
            .Configure<IOptions<FirstSettingsOptions>>((seed, first) => first.Value.Apply(seed));
    }
}
