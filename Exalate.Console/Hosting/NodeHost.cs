using Microsoft.AspNetCore.Hosting.StaticWebAssets;

namespace Exalate.Console.Hosting;

/// <summary>
/// Builds one node as a web application. Several can live in one process: they share nothing but the code, not even names of cookies or key rings.
/// </summary>
internal static class NodeHost
{
    private const string ApplicationName = "Exalate.Console";

    /// <exception cref="StartupException">The data folder can't be used or the configuration is wrong.</exception>
    public static WebApplication Build(NodeHostOptions options)
    {
        var programFolder = options.ProgramFolder ?? AppContext.BaseDirectory;
        var builder = NodeConfiguration.CreateBuilder(options, ApplicationName, programFolder);
        UseStaticFilesOf(builder, programFolder);
        builder.AddNodeServices(options);
        options.Configure?.Invoke(builder);
        var app = builder.Build();
        app.UseNodePipeline(programFolder);
        return app;
    }

    // A built (not published) program finds its own and its packages' static files through a manifest, which ASP.NET Core
    // reads by itself in Development alone. A node must look the same however it was started.
    private static void UseStaticFilesOf(WebApplicationBuilder builder, string programFolder)
    {
        var manifest = Path.Combine(programFolder, ApplicationName + ".staticwebassets.runtime.json");
        if (!File.Exists(manifest))
            return;
        builder.Configuration[WebHostDefaults.StaticWebAssetsKey] = manifest;
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
    }
}
