using System.Globalization;

namespace Exalate.Core.RichText;

/// <summary>Pictures in Markdown: an address, or the name of an attachment.</summary>
internal static class MdImages
{
    public static string Dialect(MarkdownFlavor flavor) => flavor == MarkdownFlavor.Azure ? AzureHtmlWriter.Dialect : "markdown";

    public static Image? Of(string alt, MdTarget target, RichTextHooks hooks, MarkdownFlavor flavor)
    {
        var address = AttachmentAddress.Whole(target.Href);
        var url = SafeLink.CleanWeb(address);
        var path = url is null ? AttachmentAddress.Path(address) : null;
        var name = AttachmentAddress.FileName(address) ?? AttachmentAddress.NameIn(path);
        if (url is null && name is null) return null;
        var id = AttachmentAddress.Id(url);
        var file = hooks.Attachments.Find(id) ?? hooks.Attachments.Find(target.Href) ?? hooks.Attachments.Find(name);
        var sized = target.Text is ['=', ..];
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
            System = id is null && path is null ? null : hooks.Realm ?? Dialect(flavor),
            Extras = Looks(path, sized ? null : target.Text, sized && width is null && height is null ? target.Text : null),
        };
    }

    /// <summary>As Azure DevOps writes it: "=200x100", "=200x", "=50%x"; null when nothing is known.</summary>
    public static string? SizeOf(Image image)
    {
        if (image.Width is > 0 || image.Height is > 0) return string.Create(CultureInfo.InvariantCulture, $"={image.Width}x{image.Height}");
        return image.Extras?["size"] is ['=', ..] size && size.Length < 15 && !size.AsSpan(1).ContainsAnyExcept("0123456789x%") ? size : null;
    }

    private static Extras? Looks(string? path, string? title, string? size)
    {
        var looks = new Dictionary<string, string>();
        if (path is not null) looks["path"] = path;
        if (!string.IsNullOrEmpty(title)) looks["title"] = title;
        if (size is not null) looks["size"] = size;
        return Extras.From(looks);
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
