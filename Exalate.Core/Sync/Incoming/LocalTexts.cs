using Exalate.Core.Connections;
using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Trackers;

namespace Exalate.Core.Sync.Incoming;

/// <summary>
/// The partner's texts as they are written here: pictures show this entity's own files, mentions address people of this very site, links lead to twins. What is not known here
/// becomes words, and nothing that the partner calls ours is taken for it: a text from outside pings nobody and shows nothing by an id of this site.
/// </summary>
/// <param name="tracker">This side's.</param>
/// <param name="isSameSite">Both entities are in one instance: its ids of people, and its own constructs, mean the same on both.</param>
internal sealed class LocalTexts(TwinLinks links, ITracker tracker, bool isSameSite)
{
    /// <summary>Stands for this side's dialect on what did not come from it.</summary>
    private const string Foreign = "elsewhere";

    public static async Task<LocalTexts> LoadAsync(PairContext pair, Replica replica, ITracker tracker, CancellationToken cancellationToken) =>
        new(await TwinLinks.LoadAsync(pair, replica, cancellationToken), tracker, pair.Connection.Type == ConnectionType.Local);

    /// <summary>Files here, by what the partner's texts call its own.</summary>
    public Dictionary<string, PictureReference> Pictures { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of the partner's files, by what its texts call them.</summary>
    public Dictionary<string, string> FileNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Pictures as they stand in the text here, by their id: what the partner's vendor does not keep of them (words, size) is theirs.</summary>
    public Dictionary<string, Image> Standing { get; } = new(StringComparer.Ordinal);

    /// <summary>People here, by the partner's id of the same person.</summary>
    public Dictionary<string, TrackerPerson> People { get; } = new(StringComparer.Ordinal);

    /// <summary>As it is written.</summary>
    /// <param name="showsPictures">False: as long as the files are not here, the text names them.</param>
    public RichDocument Turn(RichDocument document, bool showsPictures = true) => TurnLinks(Map(document, (image, id) => Picture(image, id, showsPictures)));

    /// <summary>The links alone, of a text that is partly ours already.</summary>
    public RichDocument TurnLinks(RichDocument document) => links.Turn(document);

    /// <summary>With this side's people and files as they stand here, and the partner's links: what an edit over there is carried back from.</summary>
    public RichDocument Here(RichDocument document) => Map(document, (image, id) => AsItStandsHere(Picture(image, id, true)));

    private RichDocument Map(RichDocument document, Func<Image, string, Image> picture) =>
        RichNodes.Inlines(document.Nodes).Any(IsTurned) || HasRaw(document.Nodes) ? new NodeMap(inline => Inline(inline, picture), Block).Apply(document) : document;

    private static bool IsTurned(RichInline inline) => inline is Image { Id: not null } or Image { Width: not null } or Image { Height: not null } or Mention { Id: not null } or OpaqueInline;

    private static bool HasRaw(IEnumerable<RichBlock> blocks) => blocks.Any(block => block is OpaqueBlock || HasRaw(RichNodes.Children(block)));

    private RichInline Inline(RichInline inline, Func<Image, string, Image> picture) => inline switch
    {
        Image { Id: { } id } image => picture(image, id),
        // Readers leave these out; a document that was made by hand may hold them.
        Image pixel when TrackingPixel.Is(pixel.Width, pixel.Height) => new TextRun(""),
        Mention { Id: { } id } mention => People.TryGetValue(id, out var person)
            ? mention with { Id = person.Id, Name = person.Name, System = tracker.Realm }
            : isSameSite ? mention : mention with { System = Unowned(mention.System) },
        OpaqueInline raw when !isSameSite => raw with { Dialect = Unowned(raw.Dialect)! },
        _ => inline,
    };

    private OpaqueBlock Block(OpaqueBlock raw) => isSameSite ? raw : raw with { Dialect = Unowned(raw.Dialect)! };

    private Image Picture(Image image, string id, bool showsPictures)
    {
        var name = FileNames.GetValueOrDefault(id);
        if (!showsPictures || !Pictures.TryGetValue(id, out var here))
            return image with { Name = image.Name ?? name, System = Unowned(image.System), Url = null };
        var standing = here.Id is null ? null : Standing.GetValueOrDefault(here.Id);
        return image with
        {
            Id = here.Id,
            System = here.Id is null ? null : tracker.Realm,
            Url = here.Url,
            Name = standing?.Name ?? image.Name ?? name,
            Alt = image.Alt ?? standing?.Alt ?? name,
            Width = standing?.Width ?? image.Width,
            Height = standing?.Height ?? image.Height,
            // What the vendor says of the file over there says nothing about the one here.
            Extras = standing?.Extras,
        };
    }

    // Without what this vendor does not keep (Asana: the words), so that the picture is the same one in the text that stands here.
    private Image AsItStandsHere(Image image) =>
        image.Id is not null && image.System == tracker.Realm && tracker.Normalise(new RichDocument([new ImageBlock(image with { Marks = Marks.None })]), RichTextPlace.Description).Blocks is [ImageBlock { Image: var kept }] && kept.Id == image.Id
            ? kept with { Marks = image.Marks, Extras = image.Extras, Url = image.Url }
            : image;

    private string? Unowned(string? system) => system == tracker.Realm ? Foreign : system;
}
