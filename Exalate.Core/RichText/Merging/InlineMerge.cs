namespace Exalate.Core.RichText;

/// <summary>Between two lines that are merged as one, since a person cut a line there or put the two together.</summary>
/// <param name="Next">Which one begins here.</param>
internal sealed record LineEnd(int Next) : RichInline
{
    public const string Sign = "\u2029";
}

/// <summary>Carries changes in a line back into the original line: word by word, so that colours, people and labels that nobody touched stay.</summary>
internal sealed class InlineMerge
{
    /// <summary>A word, a blank or a sign, or a part of what a node shows.</summary>
    private readonly record struct Token(string Text, RichInline Source, int Part, int Parts)
    {
        public Marks Marks => Source.Marks;

        public bool IsNode => Source is not (TextRun or LineBreak or LineEnd);
    }

    private readonly List<Token> _original;
    private readonly List<Token> _shown;
    private readonly List<Token> _edited;
    private readonly int[] _editedToShown;
    private readonly int[] _shownToEdited;

    // For each shown token its stretch of the original: the stretches cover both lines without gaps.
    private readonly List<(int O0, int O1, int S0, int S1)> _stretches = [];
    private readonly List<(Token Token, Marks Marks)> _out = [];

    private InlineMerge(NodeList<RichInline> original, NodeList<RichInline> shown, NodeList<RichInline> edited)
    {
        _original = Tokens(original);
        _shown = Tokens(shown);
        _edited = Tokens(edited);
        _shownToEdited = Alignment.Match(Texts(_shown), Texts(_edited));
        _editedToShown = new int[_edited.Count];
        Array.Fill(_editedToShown, -1);
        for (var i = 0; i < _shownToEdited.Length; i++)
        {
            if (_shownToEdited[i] >= 0) _editedToShown[_shownToEdited[i]] = i;
        }
    }

    public static NodeList<RichInline> Merge(NodeList<RichInline> original, NodeList<RichInline> shown, NodeList<RichInline> edited)
    {
        if (Canonical.Inlines(shown).Equals(Canonical.Inlines(edited))) return original;
        return new InlineMerge(original, shown, edited).Run();
    }

    private NodeList<RichInline> Run()
    {
        Stretch();
        var stretchOf = new int[_shown.Count];
        for (var k = 0; k < _stretches.Count; k++)
        {
            for (var i = _stretches[k].S0; i < _stretches[k].S1; i++) stretchOf[i] = k;
        }
        var unseen = 0;
        var kept = -1;
        for (var j = 0; j < _edited.Count; j++)
        {
            var s = _editedToShown[j];
            if (s < 0 || !SameNode(_shown[s], _edited[j]))
            {
                _out.Add((_edited[j], InheritedMarks(j, stretchOf)));
                continue;
            }
            var k = stretchOf[s];
            for (; unseen < k; unseen++) Unseen(unseen, kept);
            kept = k;
            var (o0, o1, s0, s1) = _stretches[k];
            if (o1 - o0 == 1 && s1 - s0 == 1 && _edited[j].Source is LineEnd)
            {
                _out.Add((_edited[j], Marks.None));
            }
            else if (o1 - o0 == 1 && s1 - s0 == 1)
            {
                _out.Add((_original[o0], Changed(_original[o0].Marks, _shown[s].Marks, _edited[j].Marks)));
            }
            else if (s == s0 && IsWhole(s0, s1, j))
            {
                for (var o = o0; o < o1; o++) _out.Add((_original[o], Changed(_original[o].Marks, _shown[s].Marks, _edited[j].Marks)));
                j += s1 - s0 - 1;
            }
            else
            {
                _out.Add((_edited[j], _edited[j].Marks));
            }
            // The rest of a node that was shown in part belongs to it, whatever was typed behind it.
            if (k + 1 < _stretches.Count && unseen <= k + 1 && IsRest(k))
            {
                Unseen(k + 1, kept);
                unseen = k + 2;
            }
        }
        for (; unseen < _stretches.Count; unseen++) Unseen(unseen, kept);
        return Collect();
    }

    private bool IsRest(int k)
    {
        var (next, s0, s1) = (_stretches[k + 1].O0, _stretches[k + 1].S0, _stretches[k + 1].S1);
        return s0 == s1 && next > 0 && _original[next].IsNode && ReferenceEquals(_original[next].Source, _original[next - 1].Source);
    }

    private void Stretch()
    {
        var match = Alignment.Match(Texts(_original), Texts(_shown));
        int o = 0, s = 0;
        while (o < _original.Count || s < _shown.Count)
        {
            if (o < _original.Count && match[o] == s)
            {
                _stretches.Add((o, ++o, s, ++s));
                continue;
            }
            var (o0, s0) = (o, s);
            while (o < _original.Count && match[o] < 0) o++;
            s = o < _original.Count ? match[o] : _shown.Count;
            _stretches.Add((o0, o, s0, s));
        }
    }

    // What the other side did not show at all. Nodes stay in any case; text (blanks, mostly) only beside what stayed.
    private void Unseen(int k, int kept)
    {
        var (o0, o1, s0, s1) = _stretches[k];
        if (s0 != s1) return;
        for (var o = o0; o < o1; o++)
        {
            if (_original[o].IsNode || kept == k - 1) _out.Add((_original[o], _original[o].Marks));
        }
    }

    private bool IsWhole(int s0, int s1, int j)
    {
        for (var i = 0; i < s1 - s0; i++)
        {
            if (_shownToEdited[s0 + i] != j + i || !SameNode(_shown[s0 + i], _edited[j + i]) || _shown[s0 + i].Marks != _edited[j + i].Marks) return false;
        }
        return true;
    }

    // New words look like the neighbour they were typed beside, also in what only the original knows.
    private Marks InheritedMarks(int j, int[] stretchOf)
    {
        var own = _edited[j].Marks;
        if (_edited[j].IsNode) return own;
        foreach (var step in (ReadOnlySpan<int>)[-1, 1])
        {
            var n = j + step;
            while (n >= 0 && n < _edited.Count && _editedToShown[n] < 0) n += step;
            if (n < 0 || n >= _edited.Count) continue;
            var s = _editedToShown[n];
            var (o0, o1, s0, s1) = _stretches[stretchOf[s]];
            if (_shown[s].Marks == own && o1 - o0 == 1 && s1 - s0 == 1 && !_original[o0].IsNode && _original[o0].Text != "\n") return _original[o0].Marks;
        }
        return own;
    }

    private static bool SameNode(Token shown, Token edited) =>
        shown.IsNode == edited.IsNode && (!shown.IsNode || ReferenceEquals(shown.Source, edited.Source)
            || Canonical.Inlines([shown.Source with { Marks = Marks.None }]).Equals(Canonical.Inlines([edited.Source with { Marks = Marks.None }])));

    private static Marks Changed(Marks original, Marks shown, Marks edited)
    {
        if (shown == edited) return original;
        var style = original.Style;
        style |= edited.Style & ~shown.Style;
        style &= ~(shown.Style & ~edited.Style);
        return new Marks
        {
            Style = style,
            Color = shown.Color == edited.Color ? original.Color : edited.Color,
            Background = shown.Background == edited.Background ? original.Background : edited.Background,
            Href = shown.Href == edited.Href ? original.Href : edited.Href,
            HrefTitle = shown.HrefTitle == edited.HrefTitle ? original.HrefTitle : edited.HrefTitle,
        };
    }

    // Nodes all of whose parts are there become nodes again; of the others the text is left.
    private NodeList<RichInline> Collect()
    {
        var line = new InlineBuilder();
        for (var i = 0; i < _out.Count;)
        {
            var (token, marks) = _out[i];
            if (!token.IsNode)
            {
                if (token.Source is LineEnd) line.Add(token.Source);
                else if (token.Source is LineBreak || token.Text == "\n") line.Add(new LineBreak());
                else line.Text(token.Text, marks);
                i++;
                continue;
            }
            var whole = token.Part == 0 && i + token.Parts <= _out.Count;
            for (var p = 1; whole && p < token.Parts; p++) whole = ReferenceEquals(_out[i + p].Token.Source, token.Source) && _out[i + p].Token.Part == p;
            if (whole)
            {
                line.Add(token.Source with { Marks = marks });
                i += token.Parts;
            }
            else
            {
                line.Lines(token.Text, marks);
                i++;
            }
        }
        return line.Take();
    }

    private static List<string> Texts(List<Token> tokens) => tokens.ConvertAll(t => t.Text);

    private static List<Token> Tokens(NodeList<RichInline> content)
    {
        var tokens = new List<Token>();
        foreach (var inline in content)
        {
            var text = inline is LineEnd ? LineEnd.Sign : RichNodes.DisplayText(inline);
            var start = tokens.Count;
            for (var i = 0; i < text.Length;)
            {
                var from = i++;
                if (IsWord(text[from]))
                {
                    while (i < text.Length && IsWord(text[i])) i++;
                }
                tokens.Add(new Token(text[from..i], inline, tokens.Count - start, 1));
            }
            if (inline is TextRun or LineBreak or LineEnd) continue;
            if (tokens.Count == start) tokens.Add(new Token("\uFFFC", inline, 0, 1));
            for (var i = start; i < tokens.Count; i++) tokens[i] = tokens[i] with { Parts = tokens.Count - start };
        }
        return tokens;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c);
}
