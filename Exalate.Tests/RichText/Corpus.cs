using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Exalate.Core.RichText;
using Exalate.Tests.House;

namespace Exalate.Tests.RichText;

/// <summary>
/// Awkward documents of real life, one file each in the folder Corpus: the input, then what other dialects show of it, each behind a line
/// "=== dialect". With EXALATE_CORPUS=rewrite the expectations are written anew: read the diff, it is the review.
/// </summary>
public sealed partial class Corpus
{
    private static readonly string Folder = Path.Combine(Repository.Root, "Exalate.Tests/RichText/Corpus");

    public static TheoryData<string> Cases => [.. Directory.EnumerateFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_dialect_shows_what_the_file_says(string name)
    {
        var sections = Read(name);
        var document = Document(sections[0]);
        if (Environment.GetEnvironmentVariable("EXALATE_CORPUS") == "rewrite")
        {
            Rewrite(name, sections, document);
            return;
        }

        foreach (var (dialect, expected) in sections.Skip(1))
        {
            var actual = Dialects.Find(dialect)!.Write(document, RichTextHooks.None);
            if (dialect == "adf") Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"adf: {actual}");
            else Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_dialect_gets_every_word_takes_the_result_and_nothing_unsafe_is_in_it(string name)
    {
        var document = Document(Read(name)[0]);
        var words = Census.Of(document).Words;
        // Some dialects write the id of a person alone; the tracker shows the name.
        var names = RichNodes.Inlines(document.Nodes).OfType<Mention>().Where(m => m.Id is not null).GroupBy(m => m.Id!).ToDictionary(g => g.Key, g => g.First().Name);
        var people = RichTextHooks.None with { FindName = names.GetValueOrDefault };

        foreach (var dialect in Dialects.All)
        {
            var written = dialect.Write(document, RichTextHooks.None);

            VendorRules.Check(dialect, written, unknownTags: true);
            var there = Census.Of(dialect.Read(written, people));
            Assert.True(words.All(there.Has), $"{dialect.Name} has lost: {string.Join(' ', words.Where(w => !there.Has(w)))}\n{written}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_a_dialect_has_written_it_reads_and_writes_the_same(string name)
    {
        var document = Document(Read(name)[0]);
        foreach (var dialect in Dialects.All)
        {
            // The first writing may hold what the dialect itself tidies (blank lines, blanks at line ends): from then on nothing changes.
            var tidy = Again(dialect, Again(dialect, dialect.Write(document, RichTextHooks.None)));

            Assert.Equal(tidy, Again(dialect, tidy));
        }
    }

    private static string Again(Dialect dialect, string text) => dialect.Write(dialect.Read(text, RichTextHooks.None), RichTextHooks.None);

    private static RichDocument Document((string Dialect, string Text) input) => Dialects.Find(input.Dialect)!.Read(input.Text, RichTextHooks.None);

    private static List<(string Dialect, string Text)> Read(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, name + ".txt"));
        var heads = Head().Matches(text);
        return heads.Select((head, i) =>
        {
            var start = head.Index + head.Length;
            var end = i + 1 < heads.Count ? heads[i + 1].Index : text.Length;
            return (head.Groups[1].Value, text[start..end].TrimEnd('\n'));
        }).ToList();
    }

    private static void Rewrite(string name, List<(string Dialect, string Text)> sections, RichDocument document)
    {
        var text = new StringBuilder($"=== {sections[0].Dialect}\n{sections[0].Text}\n");
        foreach (var (dialect, _) in sections.Skip(1))
        {
            var written = Dialects.Find(dialect)!.Write(document, RichTextHooks.None);
            text.Append($"=== {dialect}\n{(dialect == "adf" ? written.Replace("""[{"type":""", "[\n{\"type\":", StringComparison.Ordinal) : written)}\n");
        }
        File.WriteAllText(Path.Combine(Folder, name + ".txt"), text.ToString());
    }

    [GeneratedRegex("^=== ([a-z-]+)\n", RegexOptions.Multiline)]
    private static partial Regex Head();
}
