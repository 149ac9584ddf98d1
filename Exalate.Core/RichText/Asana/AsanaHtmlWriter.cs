namespace Exalate.Core.RichText;

/// <summary>
/// Writes Asana's rich text: one <c>&lt;body&gt;</c>, balanced lower-case tags out of the few that Asana takes, literal line breaks,
/// entities for <c>&amp; &lt; &gt;</c> alone. What Asana has no tag for is shown in words. Source: https://developers.asana.com/docs/rich-text.
/// </summary>
public static class AsanaHtmlWriter
{
    public static string Write(RichDocument document, AsanaProfile profile, RichTextHooks? hooks = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new AsanaBlockWriter(profile, hooks ?? RichTextHooks.None).Document(document.Nodes);
    }
}
