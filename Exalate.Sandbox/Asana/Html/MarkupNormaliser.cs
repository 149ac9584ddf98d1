using System.Xml.Linq;

namespace Exalate.Sandbox.Asana.Html;

/// <summary>What Asana makes of an accepted rich text: mentions and links get their attributes and texts, lists lose stray whitespace.</summary>
internal sealed class MarkupNormaliser(AsanaState state, string siteUrl)
{
    /// <exception cref="MarkupException">It mentions something that is not there.</exception>
    public XElement Normalise(XElement body)
    {
        foreach (var link in body.Descendants("a").ToList())
            Link(link);
        foreach (var image in body.Descendants("img").ToList())
            Image(image);
        foreach (var container in body.Descendants().Where(one => one.Name.ToString() is "ul" or "ol" or "table" or "tr"))
            container.Nodes().OfType<XText>().Where(text => string.IsNullOrWhiteSpace(text.Value)).Remove();
        return body;
    }

    private void Link(XElement link)
    {
        var gid = (string?)link.Attribute("data-asana-gid");
        if (gid is null)
        {
            if (link.Attribute("href") is not { } href)
                throw new MarkupException("XML tag <a> must have an href or a data-asana-gid");
            if (link.Value.Length == 0)
                link.Value = href.Value;
            link.ReplaceAttributes(new XAttribute("href", href.Value));
            return;
        }

        var target = Find(AsanaState.Id(gid));
        if (target is null && link.Attribute("href") is null)
            throw new MarkupException($"XML mentions an unknown object: {gid}");
        var own = (string?)link.Attribute("data-asana-dynamic") == "false";
        var (href2, type, name) = target ?? (link.Attribute("href")!.Value, "unknown", link.Value);
        link.ReplaceAttributes(
            new XAttribute("href", href2),
            new XAttribute("data-asana-accessible", target is null ? "false" : "true"),
            new XAttribute("data-asana-dynamic", own ? "false" : "true"),
            new XAttribute("data-asana-type", type),
            new XAttribute("data-asana-gid", gid));
        if (!own || link.Value.Length == 0)
            link.Value = name;
    }

    private (string Href, string Type, string Name)? Find(long id)
    {
        if (state.Users.Find(id) is { } user)
            return ($"{siteUrl}/0/profile/{id}", "user", "@" + user.Name);
        if (state.Tasks.Find(id) is { } task)
            return ($"{siteUrl}/0/0/{id}", "task", task.Name);
        if (state.Projects.Find(id) is { } project)
            return ($"{siteUrl}/0/{id}", "project", project.Name);
        return state.Attachments.Find(id) is { } file ? ($"{siteUrl}/app/asana/-/get_asset?asset_id={id}", "attachment", file.Name) : null;
    }

    private void Image(XElement image)
    {
        var gid = (string?)image.Attribute("data-asana-gid");
        if (gid is null || state.Attachments.Find(AsanaState.Id(gid)) is null)
            throw new MarkupException("XML tag <img> must name an attachment in data-asana-gid");
        // The address expires within minutes in the real product; here it is the one that wants a sign-in.
        image.ReplaceAttributes(
            new XAttribute("data-asana-gid", gid),
            new XAttribute("data-asana-type", "attachment"),
            new XAttribute("src", $"{siteUrl}/app/asana/-/get_asset?asset_id={gid}"));
    }
}
