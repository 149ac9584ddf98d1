namespace Exalate.Core.RichText;

/// <summary>What Asana takes depends on where the text stands.</summary>
public enum AsanaProfile
{
    /// <summary><c>html_notes</c> of tasks: headings, rules, pictures and tables too.</summary>
    Notes,

    /// <summary><c>html_text</c> of comments: no headings, rules, pictures or tables.</summary>
    Story,
}
