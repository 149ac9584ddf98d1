namespace Exalate.Core.RichText;

/// <summary>
/// Task lists in dialects that have none, or not at that place: a bullet list whose items begin with "☐ " or "☑ ". Readers of those
/// dialects turn it back into a task list.
/// </summary>
internal static class ListSigns
{
    /// <summary>The task list that a bullet list of signed items stands for, else the list itself.</summary>
    public static ListBlock Raise(ListBlock list, bool nested = true)
    {
        if (list.Kind != ListKind.Bullet || list.Items.Count == 0) return list;
        // A list that could have been written as a task list is meant as it stands.
        var signed = true;
        foreach (var item in list.Items) signed &= Sign(item) is not null;
        if (!signed || (!nested && IsPlain(list))) return list;
        return list with { Kind = ListKind.Task, Items = list.Items.Select(Raise).ToNodeList() };
    }

    /// <summary>True when every item is one line, possibly with task lists below: what ADF's own task lists can hold.</summary>
    public static bool IsPlain(ListBlock list)
    {
        foreach (var item in list.Items)
        {
            for (var i = 0; i < item.Content.Count; i++)
            {
                var fits = i == 0 ? item.Content[i] is Paragraph : item.Content[i] is ListBlock { Kind: ListKind.Task } nested && IsPlain(nested);
                if (!fits) return false;
            }
        }
        return true;
    }

    /// <summary>The content of a task with its sign in front.</summary>
    public static NodeList<RichBlock> Signed(ListItem item)
    {
        if (item.Checked is not { } done) return item.Content;
        var sign = new TextRun(TaskSigns.For(done));
        if (item.Content is [Paragraph first, ..])
            return [first with { Content = Joined(sign, first.Content) }, .. item.Content.Skip(1)];
        return [new Paragraph([sign]), .. item.Content];
    }

    private static bool? Sign(ListItem item) =>
        item.Content is [Paragraph { Content: [TextRun run, ..] }, ..] ? TaskSigns.Read(run.Text) : null;

    private static ListItem Raise(ListItem item)
    {
        var first = (Paragraph)item.Content[0];
        var run = (TextRun)first.Content[0];
        var done = TaskSigns.Read(run.Text);
        var rest = run.Text[1..].TrimStart(' ', '\u00a0', '\ufe0f', '\ufe0e');
        NodeList<RichInline> line = rest.Length > 0 ? [run with { Text = rest }, .. first.Content.Skip(1)] : [.. first.Content.Skip(1)];
        return new ListItem([first with { Content = line }, .. item.Content.Skip(1)], done);
    }

    private static NodeList<RichInline> Joined(TextRun sign, NodeList<RichInline> rest) =>
        rest is [TextRun { Marks: var marks } run, ..] && marks == Marks.None
            ? [new TextRun(sign.Text + run.Text), .. rest.Skip(1)]
            : [sign, .. rest];
}
