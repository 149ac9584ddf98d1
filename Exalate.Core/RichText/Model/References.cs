namespace Exalate.Core.RichText;

/// <summary>What a document refers to in its tracker: files that it shows, people whom it addresses.</summary>
public static class References
{
    /// <summary>Every picture, in reading order.</summary>
    public static IEnumerable<Image> Pictures(RichDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return RichNodes.Inlines(document.Nodes).OfType<Image>();
    }

    /// <summary>Every mention, in reading order.</summary>
    public static IEnumerable<Mention> People(RichDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return RichNodes.Inlines(document.Nodes).OfType<Mention>();
    }
}
