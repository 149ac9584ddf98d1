using Exalate.Benchmarks.Processes;

namespace Exalate.Tests.EndToEnd.Support;

/// <summary>What a failed run leaves behind to look at: screenshots and the programs' output, in artifacts/ beside the solution (git-ignored).</summary>
internal static class Artifacts
{
    public static string Folder { get; } = Make();

    /// <summary>Both companies before anybody has connected them; their logs stay among the artifacts.</summary>
    public static Task<TwoCompanies> StartCompaniesAsync(string test, params string[] nodeSettings) =>
        TwoCompanies.StartAsync(new TwoCompaniesOptions(Logs: Path.Combine(Folder, test), AreConnected: false) { NodeSettings = nodeSettings });

    private static string Make()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Exalate.sln")))
            folder = folder.Parent;
        return Directory.CreateDirectory(Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "artifacts")).FullName;
    }
}
