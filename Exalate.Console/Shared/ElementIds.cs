namespace Exalate.Console.Shared;

/// <summary>Ids for labels and descriptions; unique in the process, so unique in every page.</summary>
internal static class ElementIds
{
    private static long last;

    /// <param name="kind">Example: "tip" gives "tip-17".</param>
    public static string Next(string kind) => $"{kind}-{Interlocked.Increment(ref last)}";
}
