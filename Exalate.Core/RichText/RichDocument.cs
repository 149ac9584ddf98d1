namespace Exalate.Core.RichText;

/// <summary>
/// A formatted text in neutral form: the root of the document model that every dialect is read into and written from.
/// Immutable; two documents are equal when their content is.
/// </summary>
public sealed record RichDocument
{
    public static readonly RichDocument Empty = new();
}
