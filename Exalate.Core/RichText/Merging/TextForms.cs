using System.Globalization;

namespace Exalate.Core.RichText;

/// <summary>
/// Blocks that a dialect shows as lines with signs ("&gt; quoted", "- item", "| cell |") as blocks again, so that an edit of a line finds the
/// block it belongs to. For merging alone: what a person typed at the start of a line means nothing by itself.
/// </summary>
internal static class TextForms
{
    private const int Indent = 2;

    /// <summary>Null unless paragraphs stand for something else.</summary>
    public static (NodeList<RichBlock> Shown, NodeList<RichBlock> Edited)? Raise(List<RichBlock> original, List<RichBlock> shown, List<RichBlock> edited)
    {
        if (original.TrueForAll(b => b is Paragraph or Heading or ImageBlock or CodeBlock or ItemBorder)) return null;
        if (!shown.TrueForAll(IsLine) || !edited.TrueForAll(IsLine)) return null;
        var frame = original is [Quote or Panel or Expand];
        var raised = Raise(shown, frame);
        return raised.All(b => b is Paragraph) ? null : (raised, Raise(edited, frame));
    }

    /// <summary>The text of lines that show code.</summary>
    public static string Code(IEnumerable<RichBlock> blocks) => string.Join("\n\n", blocks.Select(b => RichNodes.DisplayText(BlockSiblings.Line(b) ?? [])));

    private static bool IsLine(RichBlock block) => block is Paragraph or ImageBlock;

    private static NodeList<RichBlock> Raise(List<RichBlock> blocks, bool frame)
    {
        var lines = new List<Line>();
        foreach (var block in blocks)
        {
            if (lines.Count > 0) lines.Add(new Line([]));
            lines.AddRange(Lines(BlockSiblings.Line(block)!));
        }
        // Where one frame was shown, blank lines between its lines are inside it.
        return frame && lines.TrueForAll(l => l.IsBlank || l.Text.StartsWith('>')) ? [Quoted(lines.ConvertAll(Unquoted))] : Parse(lines, 0).ToNodeList();
    }

    private static IEnumerable<Line> Lines(NodeList<RichInline> content)
    {
        var line = new List<RichInline>();
        foreach (var inline in content)
        {
            if (inline is LineBreak)
            {
                yield return new Line(line);
                line = [];
            }
            else
            {
                line.Add(inline);
            }
        }
        yield return new Line(line);
    }

    private static List<RichBlock> Parse(List<Line> lines, int depth)
    {
        var blocks = new List<RichBlock>();
        for (var at = 0; at < lines.Count;)
        {
            if (lines[at].IsBlank) at++;
            else if (depth < RichLimits.MaxDepth && lines[at].Text.StartsWith('>')) blocks.Add(Quoted(Take(l => l.Text.StartsWith('>')).ConvertAll(Unquoted)));
            else if (depth < RichLimits.MaxDepth && Sign(lines[at].Text) is { } sign) blocks.Add(List(lines, ref at, sign.Kind, depth + 1));
            else if (IsRow(lines[at]) && TextTable.Parse(string.Join('\n', lines.Skip(at).TakeWhile(IsRow).Select(l => l.Text))) is { } table) Whole(Take(IsRow), table);
            else if (lines[at].Text is RuleForm.TextLine or RuleForm.Line) Whole(Take(_ => false), new Rule());
            else blocks.Add(Joined(Take(l => !l.IsBlank && !l.Text.StartsWith('>') && Sign(l.Text) is null && !IsRow(l))));

            List<Line> Take(Predicate<Line> of)
            {
                var from = at++;
                while (at < lines.Count && of(lines[at])) at++;
                return lines[from..at];
            }
        }
        return blocks;

        void Whole(List<Line> of, RichBlock block)
        {
            if (of.Count > 0) blocks.Add(block);
        }
    }

    private static Paragraph Joined(List<Line> lines)
    {
        var line = new InlineBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            if (i > 0) line.Add(new LineBreak());
            line.AddRange(lines[i].Content);
        }
        return new Paragraph(line.Take());
    }

    // What is inside stays as it is: lines, until the block that stood there says what they are.
    private static RichBlock Quoted(List<Line> lines)
    {
        var title = lines.Count > 0 ? lines[0].Text : "";
        if (title.StartsWith(PanelKinds.ExpandSign, StringComparison.Ordinal)) return new Expand(title[PanelKinds.ExpandSign.Length..], Paragraphs(lines[1..]));
        return PanelKinds.Recognise(title) is var (kind, words) ? new Panel(kind, words, Paragraphs(lines[1..])) : new Quote(Paragraphs(lines));
    }

    private static NodeList<RichBlock> Paragraphs(List<Line> lines)
    {
        var paragraphs = new List<RichBlock>();
        for (var at = 0; at < lines.Count;)
        {
            var end = at;
            while (end < lines.Count && !lines[end].IsBlank) end++;
            if (end > at) paragraphs.Add(Joined(lines[at..end]));
            at = end + 1;
        }
        return paragraphs.ToNodeList();
    }

    private static ListBlock List(List<Line> lines, ref int at, ListKind kind, int depth)
    {
        var items = new List<ListItem>();
        var start = Sign(lines[at].Text)!.Value.Number;
        while (at < lines.Count && Sign(lines[at].Text) is { } sign && sign.Kind == kind)
        {
            var own = new List<Line> { lines[at++].From(sign.Length) };
            while (at < lines.Count && (lines[at].Text.StartsWith("  ", StringComparison.Ordinal) || (lines[at].IsBlank && at + 1 < lines.Count && lines[at + 1].Text.StartsWith("  ", StringComparison.Ordinal))))
                own.Add(lines[at++].From(Indent));
            items.Add(new ListItem(Parse(own, depth).ToNodeList(), sign.Done));
        }
        return new ListBlock(kind, items.ToNodeList(), kind == ListKind.Ordered ? start : 1);
    }

    private static Line Unquoted(Line line) => line.From(line.Text.StartsWith("> ", StringComparison.Ordinal) ? 2 : line.Text.StartsWith('>') ? 1 : 0);

    private static bool IsRow(Line line) => line.Text is ['|', .., '|'];

    private static (ListKind Kind, int Length, int Number, bool? Done)? Sign(string text)
    {
        var length = text.StartsWith("- ", StringComparison.Ordinal) || text.StartsWith("• ", StringComparison.Ordinal) ? 2 : 0;
        if (TaskSigns.Read(text[length..]) is { } done) return (ListKind.Task, length + (text.Length > length + 1 && text[length + 1] == ' ' ? 2 : 1), 1, done);
        if (length > 0) return (ListKind.Bullet, length, 1, null);
        var digits = 0;
        while (digits < text.Length && digits < 9 && char.IsAsciiDigit(text[digits])) digits++;
        return digits > 0 && text.AsSpan(digits).StartsWith(". ") ? (ListKind.Ordered, digits + 2, int.Parse(text.AsSpan(0, digits), CultureInfo.InvariantCulture), null) : null;
    }

    /// <summary>One line, and what it shows.</summary>
    private sealed class Line(List<RichInline> content)
    {
        public List<RichInline> Content { get; } = content;

        public string Text { get; } = string.Concat(content.Select(RichNodes.DisplayText));

        public bool IsBlank => string.IsNullOrWhiteSpace(Text);

        /// <summary>Without so many characters of text at the start.</summary>
        public Line From(int length)
        {
            var rest = new List<RichInline>(Content);
            while (length > 0 && rest.Count > 0 && rest[0] is TextRun run)
            {
                var taken = Math.Min(length, run.Text.Length);
                length -= taken;
                if (taken == run.Text.Length) rest.RemoveAt(0);
                else rest[0] = run with { Text = run.Text[taken..] };
            }
            return new Line(rest);
        }
    }
}
