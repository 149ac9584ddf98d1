using System.Text;
using Markdig;
using Markdig.Syntax;

namespace Exalate.Sandbox.Board;

/// <summary>The Markdown of the board's text boxes.</summary>
internal static class MarkdownText
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseTaskLists()
        .UseAutoLinks()
        .UseAlertBlocks()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough | Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Inserted)
        .DisableHtml()
        .Build();

    public static MarkdownDocument Parse(string markdown) => Markdown.Parse(markdown.ReplaceLineEndings("\n"), Pipeline);

    /// <summary>Text that means nothing but itself in Markdown.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            if (letter is '\\' or '*' or '_' or '`' or '[' or ']' or '<' or '~' or '|'
                || (index == 0 && letter is '#' or '>' or '-' or '+')
                || (letter == '+' && index + 1 < text.Length && text[index + 1] == '+'))
                escaped.Append('\\');
            escaped.Append(letter);
        }

        return escaped.ToString();
    }

    /// <summary>Every line after the first indented, as nested Markdown blocks want it.</summary>
    public static string Indent(string block, string prefix) => block.Replace("\n", "\n" + prefix, StringComparison.Ordinal);
}
