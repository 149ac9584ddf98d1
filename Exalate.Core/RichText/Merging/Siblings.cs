namespace Exalate.Core.RichText;

/// <summary>What a merge of a row of siblings (blocks, list items, table rows, cells) has to know about them.</summary>
internal abstract class Siblings<T>
    where T : class
{
    public abstract Words WordsOf(T item);

    /// <summary>Two items that look the same to a person have equal keys.</summary>
    public abstract object Canonical(T item);

    /// <summary>True when one can be shown as the other or be edited into it; breaks ties between items with like words.</summary>
    public abstract bool Alike(T a, T b);

    /// <summary>The original with the changes between shown and edited.</summary>
    public abstract IEnumerable<T> Merge(T original, T shown, T edited);

    /// <summary>The same where several items stand for several others.</summary>
    public abstract IEnumerable<T> MergeGroup(List<T> original, List<T> shown, List<T> edited);

    /// <summary>True when a person can cut one of these in two, or put two of them together.</summary>
    public virtual bool CanBeCut(T item) => false;

    /// <summary>True for what only stands between two others.</summary>
    public virtual bool IsBorder(T item) => false;

    /// <summary>A new item, with what it holds of known ones as rich as it was.</summary>
    public abstract T Enrich(T item);
}
