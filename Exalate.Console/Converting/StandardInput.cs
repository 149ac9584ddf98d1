using Exalate.Console.Hosting;

namespace Exalate.Console.Converting;

/// <summary>Standard input, also when there is none.</summary>
internal static class StandardInput
{
    /// <exception cref="StartupException">The program was started with standard input closed.</exception>
    public static Stream Open() =>
        IsOwnPipe() ? throw new StartupException("Standard input is closed. Give the text to convert, or < /dev/null for an empty one.") : System.Console.OpenStandardInput();

    // Started with descriptor 0 closed, the runtime gets that number for a pipe of its own, and who reads it waits for ever. It is the
    // only case in which this process holds the writing end of its standard input too.
    private static bool IsOwnPipe()
    {
        if (!OperatingSystem.IsLinux() || new FileInfo("/proc/self/fd/0").LinkTarget is not { } target || !target.StartsWith("pipe:", StringComparison.Ordinal)) return false;
        return Directory.EnumerateFileSystemEntries("/proc/self/fd").Any(fd => new FileInfo(fd).LinkTarget == target && IsForWriting(Path.GetFileName(fd)));
    }

    private static bool IsForWriting(string fd)
    {
        try
        {
            var flags = File.ReadLines($"/proc/self/fdinfo/{fd}").FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal));
            return flags is not null && flags.EndsWith('1');
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return false;
        }
    }
}
