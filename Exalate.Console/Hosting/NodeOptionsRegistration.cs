using Exalate.Console.Auth;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
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

        services.AddOptions<DatabaseOptions>()
            .Configure<IOptions<DatabaseSection>>((database, section) => section.Value.Apply(database, folder.Path));
        services.AddOptions<SettingsSeed>()
            .Configure<IOptions<FirstSettingsOptions>>((seed, first) => first.Value.Apply(seed));
    }
}
