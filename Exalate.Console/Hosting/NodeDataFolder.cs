using System.Security.Cryptography;

namespace Exalate.Console.Hosting;

/// <summary>
/// The folder that belongs to one node: database file, key ring, id. Held by a lock for as long as the node runs, so that two processes never share it by mistake.
/// </summary>
internal sealed class NodeDataFolder : IDisposable
{
    private readonly FileStream held;

    private NodeDataFolder(string path, string nodeId, FileStream held) => (Path, NodeId, this.held) = (path, nodeId, held);

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>12 hex digits, made once. Names cookies and key ring: cookies ignore ports, so consoles of one host need names of their own.</summary>
    public string NodeId { get; }

    public string KeyRing => System.IO.Path.Combine(Path, "keys");

    /// <exception cref="StartupException">The folder can't be made, written or is in use.</exception>
    public static NodeDataFolder Open(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        try
        {
            Create(path);
            var held = Hold(path);
            try
            {
                return new NodeDataFolder(path, ReadOrMakeId(path), held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StartupException($"The data folder '{path}' can't be used: {e.Message} Choose another one with --data, or give this user the right to write there.", e);
        }
    }

    public void Dispose() => held.Dispose();

    // The key ring in it opens every stored token: nobody else may look in.
    private static void Create(string path)
    {
        if (Directory.Exists(path))
            return;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static FileStream Hold(string path)
    {
        var file = System.IO.Path.Combine(path, "node.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException or FileNotFoundException) && File.Exists(file))
        {
            throw new StartupException($"The data folder '{path}' is in use by another running node. Stop that one, or choose another folder with --data.", e);
        }
    }

    private static string ReadOrMakeId(string path)
    {
        var file = System.IO.Path.Combine(path, "node.id");
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: 12 } id && id.All(char.IsAsciiHexDigit))
            return id;
        id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        File.WriteAllText(file, id + Environment.NewLine);
        return id;
    }
}
