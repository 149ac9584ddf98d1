namespace Exalate.Core.RichText;

/// <summary>Lines that a person cut or put together, merged as one line and taken apart again.</summary>
internal static class LineGroup
{
    /// <summary>Null when something else is among them.</summary>
    /// <param name="blocks">The lines.</param>
    /// <param name="now">What stands there now: then each line is taken apart again where it begins.</param>
    public static NodeList<RichInline>? Together(List<RichBlock> blocks, bool now = false)
    {
        var line = new InlineBuilder();
        for (var i = 0; i < blocks.Count; i++)
        {
            if (i > 0) line.Add(new LineEnd(now ? i : -1));
            if (blocks[i] is ItemBorder) continue;
            if (BlockSiblings.Line(blocks[i]) is { } own) line.AddRange(own);
            // Put together with a line, the code that was shown as lines is words of it.
            else if (blocks[i] is CodeBlock code && !now && blocks.Count > 1) line.Lines(code.Code, Marks.Of(MarkStyle.Code));
            else return null;
        }
        return line.Take();
    }

    /// <param name="line">The merged line.</param>
    /// <param name="original">What stood here.</param>
    /// <param name="shown">What it was shown as.</param>
    /// <param name="edited">What became of that.</param>
    /// <param name="reshape">The shape of one block: of what it was, how that was shown, what it became; and its new content.</param>
    public static IEnumerable<RichBlock> Apart(
        NodeList<RichInline> line, List<RichBlock> original, List<RichBlock> shown, List<RichBlock> edited, Func<RichBlock, RichBlock, RichBlock, NodeList<RichInline>, RichBlock> reshape)
    {
        int at = 0, own = 0;
        var part = new List<RichInline>();
        foreach (var inline in line.Append(new LineEnd(edited.Count)))
        {
            if (inline is not LineEnd end)
            {
                part.Add(inline);
                continue;
            }
            if (edited[at] is ItemBorder border) yield return border;
            if (part.Count > 0) yield return reshape(Of(original, Math.Max(at, own)), Of(shown, at), edited[at] is ItemBorder ? new Paragraph([]) : edited[at], part.ToNodeList());
            part.Clear();
            // What ends a line of the original alone is of no edited one.
            if (end.Next >= 0) at = end.Next;
            else own++;
        }

        static RichBlock Of(List<RichBlock> blocks, int at) => blocks[Math.Min(at, blocks.Count - 1)] is ItemBorder ? blocks[0] : blocks[Math.Min(at, blocks.Count - 1)];
    }
}
