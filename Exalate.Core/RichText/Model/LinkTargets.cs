namespace Exalate.Core.RichText;

/// <summary>The addresses a document points to: links and cards.</summary>
public static class LinkTargets
{
    /// <summary>Each address once, in reading order.</summary>
    public static IEnumerable<string> Of(RichDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return RichNodes.Inlines(document.Nodes).Select(Target).OfType<string>().Distinct();
    }

    /// <summary>The document with other addresses; words that are the address itself change with it. What is not in the map stays.</summary>
    public static RichDocument Replace(RichDocument document, IReadOnlyDictionary<string, string> targets)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(targets);
        return targets.Count > 0 && Of(document).Any(targets.ContainsKey) ? new NodeMap(inline => Inline(inline, targets)).Apply(document) : document;
    }

    private static string? Target(RichInline inline) => inline is Card card ? card.Url : inline.Marks.Href;

    private static RichInline Inline(RichInline inline, IReadOnlyDictionary<string, string> targets)
    {
        if (Target(inline) is not { } old || !targets.TryGetValue(old, out var target)) return inline;
        if (inline is Card card) return card with { Url = target };
        var linked = inline with { Marks = inline.Marks with { Href = target } };
        return linked is TextRun run && run.Text == old ? run with { Text = target } : linked;
    }
}
