using System.Text.Json.Serialization;

namespace Exalate.Core.RichText;

/// <summary>
/// A formatted text in neutral form: the root of the document model that every dialect is read into and written from.
/// Immutable; two documents are equal when their content is. Whether they say the same to a person: <see cref="DocumentMerge.SameContent"/>.
/// </summary>
[JsonConverter(typeof(RichDocumentJsonConverter))]
public sealed record RichDocument
{
    public static readonly RichDocument Empty = new([]);

    private readonly NodeList<RichBlock> _blocks;

    public RichDocument(NodeList<RichBlock> blocks) => _blocks = blocks;

    public RichDocument(IEnumerable<RichBlock> blocks)
        : this(blocks.ToNodeList())
    {
    }

    public IReadOnlyList<RichBlock> Blocks => _blocks;

    /// <summary>True when there is nothing to see: no blocks, or blank paragraphs alone.</summary>
    public bool IsEmpty
    {
        get
        {
            foreach (var block in _blocks)
            {
                if (!RichNodes.IsBlank(block)) return false;
            }
            return true;
        }
    }

    internal NodeList<RichBlock> Nodes => _blocks;

    /// <summary>A blank line starts a new paragraph; a single line break stays one.</summary>
    public static RichDocument FromPlainText(string text) => PlainTextReader.Read(text);

    public string ToPlainText() => PlainTextWriter.Write(this);

    /// <summary>The same document with these blocks before it.</summary>
    public RichDocument Prepend(params RichBlock[] blocks) => blocks.Length == 0 ? this : new RichDocument([.. blocks, .. _blocks]);

    /// <summary>The same document with these blocks after it.</summary>
    public RichDocument Append(params RichBlock[] blocks) => blocks.Length == 0 ? this : new RichDocument([.. _blocks, .. blocks]);
}
