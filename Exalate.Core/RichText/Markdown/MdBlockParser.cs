namespace Exalate.Core.RichText;

/// <summary>
/// Finds the blocks of CommonMark with GitHub's tables, one line at a time (https://spec.commonmark.org/0.31.2/#appendix-a-parsing-strategy).
/// Its own, since what is bought in gives up at 128 levels and takes minutes for a megabyte of "[a](": here nesting
/// is bounded and each line costs the depth at most.
/// </summary>
/// <param name="azure">Azure DevOps' own fences too.</param>
internal sealed partial class MdBlockParser(bool azure = false)
{
    private const int MaxOpen = 2 * RichLimits.MaxDepth;

    private readonly List<MdBlock> _open = [new MdBlock(MdKind.Root)];
    private string _line = "";
    private string? _tabs;
    private int _at;

    public MdLinkDefinitions Definitions { get; } = new();

    private MdBlock Tip => _open[^1];

    public MdBlock Parse(string text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty) Line(TextClean.Line(TextLines.Take(ref rest)));
        CloseTo(1);
        return _open[0];
    }

    private void Line(ReadOnlySpan<char> line)
    {
        (_line, _tabs) = MdTabs.Expand(line);
        _at = 0;
        var matched = MatchOpen();
        var lazy = matched < _open.Count;
        if (matched == _open.Count && Tip.Kind is MdKind.Fence or MdKind.Html)
        {
            AddToLeaf();
            return;
        }
        if (Starts(ref matched)) return;
        if (IsBlank)
        {
            CloseTo(matched);
            if (Tip.Kind is MdKind.Paragraph or MdKind.Table) CloseTo(_open.Count - 1);
            else if (Tip.Kind == MdKind.Indented) AddVerbatim(4);
            return;
        }
        if (lazy && matched < _open.Count && Tip.Kind == MdKind.Paragraph)
        {
            AddToParagraph();
            return;
        }
        CloseTo(matched);
        Text();
    }

    private void Text()
    {
        switch (Tip.Kind)
        {
            case MdKind.Indented:
                AddVerbatim(4);
                return;
            case MdKind.Table:
                Tip.Rows!.Add(MdTable.Cells(_line[_at..]));
                return;
            case MdKind.Paragraph:
                break;
            default:
                Add(new MdBlock(MdKind.Paragraph));
                break;
        }
        AddToParagraph();
    }

    private void AddToParagraph()
    {
        Tip.LastLine = Tip.Text.Length;
        var start = _at + Indent;
        if (_tabs is null) Tip.Text.Append(_line.AsSpan(start)).Append('\n');
        else Tip.Text.Append(MdTabs.Restore(_tabs.AsSpan(start))).Append('\n');
    }

    // How many of the open blocks go on in this line.
    private int MatchOpen()
    {
        for (var i = 1; i < _open.Count; i++)
        {
            var block = _open[i];
            var indent = Indent;
            var goesOn = block.Kind switch
            {
                MdKind.List => true,
                MdKind.Quote => TakeQuote(),
                MdKind.Item => TakeItem(block, indent),
                MdKind.Paragraph or MdKind.Table => !IsBlank,
                MdKind.Indented => indent >= 4 || IsBlank,
                MdKind.Fence => !ClosesFence(block, indent),
                MdKind.Html => !(IsBlank && block.Number >= 6),
                _ => false,
            };
            if (goesOn) continue;
            if (block.Kind == MdKind.Fence)
            {
                // The line that closed it holds nothing else.
                CloseTo(i);
                _at = _line.Length;
                return i;
            }
            return i;
        }
        return _open.Count;
    }

    private bool TakeQuote()
    {
        var indent = Indent;
        if (indent > 3 || _at + indent >= _line.Length || _line[_at + indent] != '>') return false;
        _at += indent + 1;
        if (_at < _line.Length && _line[_at] == ' ') _at++;
        return true;
    }

    private bool TakeItem(MdBlock item, int indent)
    {
        if (IsBlank)
        {
            if (item.Children.Count == 0) return false;
            _at = Math.Min(_line.Length, _at + item.Width);
            return true;
        }
        if (indent < item.Width) return false;
        _at += item.Width;
        return true;
    }

    private bool ClosesFence(MdBlock fence, int indent)
    {
        if (indent > 3) return false;
        var rest = _line.AsSpan(_at + indent).TrimEnd(' ');
        return rest.Length >= fence.Width && !rest.ContainsAnyExcept(fence.Sign);
    }

    private void AddToLeaf()
    {
        if (Tip.Kind == MdKind.Fence)
        {
            AddVerbatim(Math.Min(Tip.Indent, Indent));
            return;
        }
        AddVerbatim(0);
        if (MdHtml.Ends(Tip.Number, _line.AsSpan(_at))) CloseTo(_open.Count - 1);
    }

    private void Add(MdBlock block)
    {
        while (!Tip.IsContainer || (Tip.Kind == MdKind.List && block.Kind != MdKind.Item)) CloseTo(_open.Count - 1);
        Tip.Children.Add(block);
        _open.Add(block);
    }

    private void CloseTo(int count)
    {
        while (_open.Count > count)
        {
            var block = Tip;
            _open.RemoveAt(_open.Count - 1);
            if (block.Kind != MdKind.Paragraph) continue;
            Definitions.TakeFrom(block.Text);
            if (IsWhite(block.Text) && ReferenceEquals(Tip.Children[^1], block)) Tip.Children.RemoveAt(Tip.Children.Count - 1);
        }
    }

    private static bool IsWhite(System.Text.StringBuilder text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsWhiteSpace(text[i])) return false;
        }
        return true;
    }

    private int Indent
    {
        get
        {
            var i = _at;
            while (i < _line.Length && _line[i] == ' ') i++;
            return i - _at;
        }
    }

    private bool IsBlank => _line.AsSpan(_at).IsWhiteSpace();

    private void AddVerbatim(int skip)
    {
        var from = Math.Min(_line.Length, _at + skip);
        if (_tabs is null) Tip.Text.Append(_line.AsSpan(from)).Append('\n');
        else Tip.Text.Append(MdTabs.Restore(_tabs.AsSpan(from))).Append('\n');
    }
}
