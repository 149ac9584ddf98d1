namespace Exalate.Core.RichText;

/// <summary>Bounds that keep odd or hostile documents from exhausting stack, memory or time.</summary>
public static class RichLimits
{
    /// <summary>Blocks nest no deeper in a document that a reader made: what was below is kept, one level up.</summary>
    public const int MaxDepth = 100;

    /// <summary>Longest JSON form of one document that is read, in characters.</summary>
    public const int MaxJsonLength = 32 * 1024 * 1024;

    /// <summary>Most nodes of one document that is read from JSON.</summary>
    public const int MaxNodes = 2_000_000;
}
