using System.Globalization;

namespace Exalate.Core.RichText;

/// <summary>Pictures in Markdown: an address, or the name of an attachment.</summary>
internal static class MdImages
{
    public static string Dialect(MarkdownFlavor flavor) => flavor == MarkdownFlavor.Azure ? AzureHtmlWriter.Dialect : "markdown";

    public static Image? Of(string alt, MdTarget target, RichTextHooks hooks, MarkdownFlavor flavor)
    {
        var url = SafeLink.CleanWeb(target.Href);
        var name = AttachmentAddress.FileName(target.Href);
        if (url is null && name is null) return null;
        var id = AttachmentAddress.Id(url);
        var file = hooks.Attachments.Find(id) ?? hooks.Attachments.Find(target.Href) ?? hooks.Attachments.Find(name);
        var (width, height) = Size(target.Text);
        if (TrackingPixel.Is(width, height)) return null;
        return new Image
        {
            Id = id,
            Url = url,
            Name = file?.Name ?? name,
            Alt = alt.Length > 0 ? alt : null,
            Width = width,
            Height = height,
            System = id is null ? null : hooks.Realm ?? Dialect(flavor),
        };
    }

    private static (int? Width, int? Height) Size(string? title)
    {
        if (title is not ['=', ..]) return (null, null);
        var parts = title[1..].Split('x');
        return parts.Length == 2 ? (Pixels(parts[0]), Pixels(parts[1])) : (null, null);
    }

    private static int? Pixels(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
