namespace Exalate.Core.RichText;

/// <summary>What a reader or writer asks about the world around one document. All parts are optional.</summary>
public sealed record RichTextHooks
{
    public static readonly RichTextHooks None = new();

    /// <summary>
    /// Where the ids of people and files in a document are valid, e.g. "acme.atlassian.net". Readers stamp it on mentions and pictures;
    /// writers trust an id only when the stamp is their own. Null: the name of the dialect stands for it.
    /// </summary>
    public string? Realm { get; init; }

    /// <summary>The attachments of the entity the document belongs to; see <see cref="AttachmentMap"/>.</summary>
    public AttachmentMap Attachments { get; init; } = AttachmentMap.Empty;

    /// <summary>Finds the account of a person on this side: its id, or null when nobody is known. Then only the name is written.</summary>
    public Func<Mention, string?>? ResolveMention { get; init; }

    /// <summary>The name of the person with this id, for dialects that write the id alone; null when nobody knows.</summary>
    public Func<string, string?>? FindName { get; init; }

    /// <summary>Finds the address of the twin for a link to a synced entity; null leaves the link as it is.</summary>
    public Func<string, string?>? ResolveLink { get; init; }

    internal string? LinkFor(string? href)
    {
        if (href is null) return null;
        return SafeLink.Clean(ResolveLink is null ? href : ResolveLink(href) ?? href);
    }

    /// <summary>The id to write for a mention in this dialect, or null: then it must not ping anybody.</summary>
    internal string? MentionIdFor(Mention mention, string dialect)
    {
        if (ResolveMention?.Invoke(mention) is { Length: > 0 } known) return known;
        return mention.Id is { Length: > 0 } id && mention.System == (Realm ?? dialect) ? id : null;
    }

    /// <summary>Where a picture lies beside its document, for that document's own dialect; null for others.</summary>
    internal string? PathOf(Image image, string dialect) =>
        image.System == (Realm ?? dialect) ? AttachmentAddress.Path(image.Extras?["path"]) : null;

    internal bool IsOwn(Image image, string dialect) => image.Id is { Length: > 0 } && image.System == (Realm ?? dialect);
}

/// <summary>One file at the entity.</summary>
/// <param name="Name">Example: "screenshot.png".</param>
/// <param name="Url">Where people open it; null when there is no stable address.</param>
/// <param name="Id">The tracker's id; null when the dialect refers to files by address.</param>
public sealed record AttachmentRef(string Name, string? Url = null, string? Id = null);

/// <summary>Finds the file a picture stands for, by the id the other side uses, else by name.</summary>
public sealed class AttachmentMap
{
    public static readonly AttachmentMap Empty = new([]);

    private readonly Dictionary<string, AttachmentRef> _byKey = new(StringComparer.Ordinal);

    /// <param name="entries">Key (an id or a file name) and what it stands for. Each is found under its own name and id too, unless that is a key of another.</param>
    public AttachmentMap(IEnumerable<KeyValuePair<string, AttachmentRef>> entries)
    {
        var all = entries.ToList();
        foreach (var (key, file) in all) _byKey[key] = file;
        foreach (var (_, file) in all)
        {
            _byKey.TryAdd(file.Name, file);
            if (file.Id is { Length: > 0 } id) _byKey.TryAdd(id, file);
            if (file.Url is { Length: > 0 } url) _byKey.TryAdd(url, file);
        }
    }

    public static AttachmentMap Of(IEnumerable<AttachmentRef> files) =>
        new(files.Select(f => KeyValuePair.Create(f.Id ?? f.Name, f)));

    public AttachmentRef? Find(Image image) => Find(image.Id) ?? Find(image.Url) ?? Find(image.Name) ?? Find(image.Alt);

    public AttachmentRef? Find(string? key) => key is null ? null : _byKey.GetValueOrDefault(key);
}
