using Exalate.Console.Hosting;

namespace Exalate.Console.Demo;

/// <summary>The folder with everything the demo keeps. Held while the demo runs, so that --reset never pulls it away from under another one.</summary>
internal sealed class DemoFolder : IDisposable
{
    private const string Default = "demo-data";

    private readonly FileStream held;

    private DemoFolder(string path, FileStream held) => (Path, this.held) = (path, held);

    public string Path { get; }

    public string JiraNode => System.IO.Path.Combine(Path, "jira-node");

    public string AsanaNode => System.IO.Path.Combine(Path, "asana-node");

    public string PrivateNode => System.IO.Path.Combine(Path, "private-node");

    public string Trackers => System.IO.Path.Combine(Path, "trackers");

    /// <exception cref="StartupException">The folder can't be written or is in use.</exception>
    public static DemoFolder Open(string? chosen)
    {
        var path = System.IO.Path.GetFullPath(chosen ?? System.IO.Path.Combine(SolutionFolder() ?? Environment.CurrentDirectory, Default));
        var file = System.IO.Path.Combine(path, "demo.lock");
        try
        {
            Directory.CreateDirectory(path);
            return new DemoFolder(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (File.Exists(file))
        {
            throw new StartupException($"The demo's data folder '{path}' is in use by another running demo. Stop that one, or choose another folder with --data.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The demo's data folder '{path}' can't be written: {e.Message} Choose another one with --data.", e);
        }
    }

    /// <summary>Removes the demo's own folders, nothing else that may lie beside them.</summary>
    public void Clear()
    {
        foreach (var part in new[] { JiraNode, AsanaNode, PrivateNode, Trackers }.Where(Directory.Exists))
            Directory.Delete(part, recursive: true);
    }

    public void Dispose() => held.Dispose();

    private static string? SolutionFolder() =>
        Upwards(Environment.CurrentDirectory).Concat(Upwards(AppContext.BaseDirectory))
            .FirstOrDefault(folder => File.Exists(System.IO.Path.Combine(folder, "Exalate.sln")));

    private static IEnumerable<string> Upwards(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            yield return at.FullName;
    }
}
