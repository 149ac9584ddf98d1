using Exalate.Core.RichText;

namespace Exalate.Tests.RichText;

/// <summary>
/// Every construct of the model and what each dialect makes of it: the table of docs/rich-text.md. <see cref="MatrixTests"/> holds both against the
/// converters.
/// </summary>
internal static class Constructs
{
    /// <summary>The dialects, as columns.</summary>
    public static readonly string[] Columns = ["adf", "asana", "asana-comment", "azure", "azure-markdown", "markdown", "text"];

    private const string Kept = "kept";
    private const string Words = "its words";
    private const string BoldLabel = "**[TEXT]** in bold";

    /// <summary>Name, how a census counts it, and one cell for each column: "kept", or what is shown instead.</summary>
    public static readonly Construct[] All =
    [
        new("paragraph", ["paragraph"], Kept, Kept, Kept, Kept, Kept, Kept, Kept),
        new("heading 1, 2", ["heading1", "heading2"], Kept, Kept, "bold line", Kept, Kept, Kept, "line"),
        new("heading 3 to 6", ["heading3", "heading4", "heading5", "heading6"], Kept, "heading 2", "bold line", Kept, Kept, Kept, "line"),
        new("bold", ["Bold"], Kept, Kept, Kept, Kept, Kept, Kept, Words),
        new("italic", ["Italic"], Kept, Kept, Kept, Kept, Kept, Kept, Words),
        new("underline", ["Underline"], Kept, Kept, Kept, Kept, "kept (`<u>`)", "kept (`<u>`)", Words),
        new("strike", ["Strike"], Kept, Kept, Kept, Kept, Kept, Kept, Words),
        new("code", ["Code"], Kept, Kept, Kept, Kept, Kept, Kept, Words),
        new("subscript, superscript", ["Sub", "Sup"], Kept, Words, Words, Kept, "kept (`<sub>`)", "kept (`<sub>`)", Words),
        new("text colour, background", ["colour", "background"], Kept, Words, Words, Kept, "kept (`<span>`)", "kept (`<span>`)", Words),
        new("link", ["link"], Kept, Kept, Kept, Kept, Kept, Kept, "address behind the words"),
        new("bullet list, nested", ["Bullet item"], Kept, Kept, Kept, Kept, Kept, Kept, "`-` lines"),
        new("numbered list, nested", ["Ordered item"], Kept, "kept, counts from 1", "kept, counts from 1", Kept, Kept, Kept, "numbered lines"),
        new("task list", ["Task item", "done"], Kept, "☐ ☑ in a list", "☐ ☑ in a list", "☐ ☑ in a list", Kept, Kept, "☐ ☑ lines"),
        new("quote", ["quote"], Kept, Kept, Kept, Kept, Kept, Kept, "`>` lines"),
        new("code block", ["code block"], Kept, Kept, Kept, Kept, Kept, Kept, "lines"),
        new("language of a code block", ["language"], Kept, "nothing", "nothing", Kept, Kept, Kept, "nothing"),
        new("rule", ["rule"], Kept, Kept, "———", Kept, Kept, Kept, "----------"),
        new("table", ["table", "cell"], Kept, Kept, "aligned code block", Kept, Kept, Kept, "aligned lines"),
        new("header cell", ["header cell"], Kept, "bold first row", "line below the first row", Kept, Kept, Kept, "line below the first row"),
        new("spanned cell", ["span"], Kept, Kept, "empty cells", Kept, "kept (HTML table)", "kept (HTML table)", "empty cells"),
        new("picture of an attachment", ["Image"], "kept for its own files, else a link", "kept for its own files, else a link", "link, else [image: name]", "kept with an address, else [image: name]", Kept, Kept, "[image: name]"),
        new("mention", ["Mention"], Kept, "@Name unless known here", "@Name unless known here", "@Name unless known here", "@Name unless known here", "@Name", "@Name"),
        new("emoji", ["Emoji"], Kept, "the character", "the character", "the character", "the character", "the character", "the character"),
        new("hard break", ["break"], Kept, "kept; two in a row end the paragraph", "kept; two in a row end the paragraph", Kept, Kept, Kept, "new line"),
        new("panel", ["panel"], Kept, "quote with its kind and title in bold", "quote with its kind and title in bold", "quote with its kind and title in bold", "quote with its kind and title in bold", "quote with its kind and title in bold; GitHub's alerts stay alerts", "`>` lines with its kind"),
        new("expandable section", ["expand"], Kept, "quote with ▸ and its title", "quote with ▸ and its title", "quote with ▸ and its title", "quote with ▸ and its title", "`<details>`", "`>` lines with ▸"),
        new("date", ["DateStamp"], Kept, "2026-05-03", "2026-05-03", "2026-05-03", "2026-05-03", "2026-05-03", "2026-05-03"),
        new("status lozenge", ["StatusLozenge"], Kept, BoldLabel, BoldLabel, BoldLabel, BoldLabel, BoldLabel, "[TEXT]"),
        new("card", ["Card"], Kept, "link", "link", "link", "link", "link", "its address"),
    ];

    /// <param name="Name">For people.</param>
    /// <param name="Keys">What a census counts.</param>
    /// <param name="Cells">One for each of <see cref="Columns"/>.</param>
    public sealed record Construct(string Name, string[] Keys, params string[] Cells)
    {
        public string In(Dialect dialect) => Cells[Array.IndexOf(Columns, dialect.Name)];
    }
}
