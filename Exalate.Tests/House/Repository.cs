namespace Exalate.Tests.House;

/// <summary>The checkout the tests were built from.</summary>
public static class Repository
{
    /// <summary>Folder of Exalate.sln, no slash at the end.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Exalate.sln")) ? folder.TrimEnd('/')
        : Path.GetDirectoryName(folder.TrimEnd('/')) is { } parent ? Find(parent)
        : throw new InvalidOperationException("The tests run outside of a checkout: Exalate.sln was not found above them.");
}
