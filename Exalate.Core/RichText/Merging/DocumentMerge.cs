namespace Exalate.Core.RichText;

/// <summary>Tells real changes from another tracker's tidying, and carries an edit made there back into the richer original.</summary>
public static class DocumentMerge
{
    /// <summary>True when a person sees the same: ignores split runs, blanks at line ends, blank paragraphs, looks and local ids.</summary>
    public static bool SameContent(RichDocument a, RichDocument b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return ReferenceEquals(a, b) || a.Equals(b) || Canonical.Blocks(a.Nodes).Equals(Canonical.Blocks(b.Nodes));
    }

    /// <summary>
    /// The original with the changes between shown and edited, and no others. Parts that nobody touched keep what the other side could not show.
    /// </summary>
    /// <param name="original">What stands on this side.</param>
    /// <param name="shown">What the other side showed of it before the edit: read back there after writing.</param>
    /// <param name="edited">What the other side shows now.</param>
    public static RichDocument MergeBack(RichDocument original, RichDocument shown, RichDocument edited)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(shown);
        ArgumentNullException.ThrowIfNull(edited);
        if (SameContent(shown, edited)) return original;
        if (SameContent(original, edited)) return original;
        if (edited.IsEmpty) return RichDocument.Empty;
        return new RichDocument(new BlockSiblings(original.Nodes, shown.Nodes).Run(original.Nodes, shown.Nodes, edited.Nodes));
    }
}
