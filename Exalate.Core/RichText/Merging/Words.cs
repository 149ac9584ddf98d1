namespace Exalate.Core.RichText;

/// <summary>The words of a part of a document, by which parts are recognised after another tracker has shown them its own way.</summary>
internal sealed class Words
{
    private const int MaxCounted = 4_000;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    private Words(List<string> words, string kind)
    {
        Key = words.Count == 0 ? "\u0001" + kind : string.Join(' ', words);
        foreach (var word in words.Take(MaxCounted)) _counts[word] = _counts.GetValueOrDefault(word) + 1;
        Count = Math.Min(words.Count, MaxCounted);
    }

    /// <summary>Equal for parts with the same words in the same order; for parts without words, equal by kind.</summary>
    public string Key { get; }

    public int Count { get; }

    public static Words Of(RichBlock block) => Of([block]);

    public static Words Of(IReadOnlyList<RichBlock> blocks)
    {
        var words = new List<string>();
        foreach (var block in blocks) Collect(block, words);
        return new Words(words, words.Count > 0 ? "" : string.Join(',', blocks.Select(b => RuleForm.Is(b) ? nameof(Rule) : b.GetType().Name)));
    }

    public static Words Of(ListItem item) => Of(item.Content);

    public static Words Of(TableCell cell) => Of(cell.Content);

    public static Words Of(TableRow row)
    {
        var words = new List<string>();
        foreach (var cell in row.Cells)
        {
            foreach (var block in cell.Content) Collect(block, words);
        }
        return new Words(words, "row");
    }

    /// <summary>0 when nothing is common, 1 when everything is.</summary>
    public double Similarity(Words other) =>
        Count + other.Count == 0 ? (Key == other.Key ? 1 : 0) : 2.0 * Common(other) / (Count + other.Count);

    /// <summary>How much of these words the other part has; 0 when there are none.</summary>
    public double ShareIn(Words other) => Count == 0 ? 0 : (double)Common(other) / Count;

    private int Common(Words other)
    {
        var (small, large) = _counts.Count <= other._counts.Count ? (_counts, other._counts) : (other._counts, _counts);
        var common = 0;
        foreach (var (word, count) in small)
        {
            if (large.TryGetValue(word, out var there)) common += Math.Min(count, there);
        }
        return common;
    }

    private static void Collect(RichBlock block, List<string> words)
    {
        switch (block)
        {
            case Paragraph p:
                Split(RichNodes.DisplayText(p.Content), words);
                break;
            case Heading h:
                Split(RichNodes.DisplayText(h.Content), words);
                break;
            case ImageBlock image:
                Split(image.Image.Label, words);
                break;
            case CodeBlock code:
                Split(code.Code, words);
                break;
            case Panel { Title: { } title }:
                Split(title, words);
                break;
            case Expand expand:
                Split(expand.Title, words);
                break;
        }
        foreach (var child in RichNodes.Children(block)) Collect(child, words);
    }

    private static void Split(string text, List<string> words)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[i]) && !char.IsSurrogate(text[i]))
            {
                i++;
                continue;
            }
            var start = i;
            while (i < text.Length && (char.IsLetterOrDigit(text[i]) || char.IsSurrogate(text[i]))) i++;
            words.Add(text[start..i]);
        }
    }
}
