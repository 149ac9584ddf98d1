using System.Collections;
using System.Runtime.CompilerServices;

namespace Exalate.Core.RichText;

/// <summary>
/// An immutable list that is equal to another one when the items are, so that records which hold lists compare by content.
/// Made with a collection expression: <c>NodeList&lt;RichBlock&gt; blocks = [new Rule()];</c>
/// </summary>
[CollectionBuilder(typeof(NodeList), nameof(NodeList.Create))]
public sealed class NodeList<T> : IReadOnlyList<T>, IEquatable<NodeList<T>>
{
    public static readonly NodeList<T> Empty = new([]);

    private readonly T[] _items;

    internal NodeList(T[] items) => _items = items;

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    public ReadOnlySpan<T> AsSpan() => _items;

    public bool Equals(NodeList<T>? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || other._items.Length != _items.Length) return false;
        for (var i = 0; i < _items.Length; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(_items[i], other._items[i])) return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as NodeList<T>);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(_items.Length);
        foreach (var item in _items) hash.Add(item);
        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    public override string ToString() => $"[{string.Join(", ", _items)}]";
}

public static class NodeList
{
    public static NodeList<T> Create<T>(ReadOnlySpan<T> items) => items.IsEmpty ? NodeList<T>.Empty : new NodeList<T>(items.ToArray());

    public static NodeList<T> ToNodeList<T>(this IEnumerable<T> items) => items as NodeList<T> ?? Wrap(items.ToArray());

    private static NodeList<T> Wrap<T>(T[] items) => items.Length == 0 ? NodeList<T>.Empty : new NodeList<T>(items);
}
