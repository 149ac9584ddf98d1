namespace Exalate.Console.Hosting;

/// <summary>Puts the sources of configuration in order: appsettings.json, the settings file, environment, command line, the host's own values.</summary>
internal static class NodeConfiguration
{
    public static WebApplicationBuilder CreateBuilder(NodeHostOptions options, string applicationName, string programFolder)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = applicationName,
            // Never the current folder: the program must find its files from wherever it is started.
            ContentRootPath = programFolder,
            WebRootPath = Path.Combine(programFolder, "wwwroot"),
            EnvironmentName = EnvironmentName(options),
        });
        if (options.UseMachineConfiguration)
        {
            builder.Configuration.AddJsonFile(Path.Combine(programFolder, "appsettings.json"), optional: true, reloadOnChange: false);
            builder.Configuration.AddJsonFile(Path.Combine(programFolder, $"appsettings.{builder.Environment.EnvironmentName}.json"), optional: true, reloadOnChange: false);
            AddSettingsFile(builder.Configuration, options.SettingsFile);
            builder.Configuration.AddEnvironmentVariables("ASPNETCORE_");
            builder.Configuration.AddEnvironmentVariables();
        }

        builder.Configuration.AddCommandLine([.. options.Arguments]);
        builder.Configuration.AddInMemoryCollection(options.Settings);
        return builder;
    }

    private static void AddSettingsFile(ConfigurationManager configuration, string? file)
    {
        if (file is null)
            return;
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
            throw new StartupException($"The settings file '{path}' does not exist. Check --settings.");
        configuration.AddJsonFile(path, optional: false, reloadOnChange: false);
    }

    private static string EnvironmentName(NodeHostOptions options) =>
        options.UseMachineConfiguration
            ? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Production
            : Environments.Production;
}
