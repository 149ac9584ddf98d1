using System.Text.RegularExpressions;

namespace Exalate.Sandbox.Board;

/// <summary>In a text box a picture is <c>![words](file name)</c>: the name of a file of the entity becomes what the product's texts call that file.</summary>
internal static partial class PictureNames
{
    /// <param name="find">What texts call the file of this name; null when there is none.</param>
    public static string Resolve(string markdown, Func<string, string?> find) => Picture().Replace(markdown, match =>
        find(match.Groups[2].Value) is { } id ? $"![{match.Groups[1].Value}]({id})" : match.Value);

    [GeneratedRegex(@"!\[([^\]\n]*)\]\(<?([^)>\n]+)>?\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Picture();
}
