using System.Collections.Immutable;

namespace Exalate.Core.RichText;

/// <summary>Named looks of one node, e.g. "align" = "center". Writers take only the names and values they know.</summary>
public sealed class Extras : IEquatable<Extras>
{
    private readonly ImmutableSortedDictionary<string, string> _values;

    private Extras(ImmutableSortedDictionary<string, string> values) => _values = values;

    public IReadOnlyDictionary<string, string> Values => _values;

    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Null when there is nothing to keep.</summary>
    public static Extras? From(IEnumerable<KeyValuePair<string, string>> values)
    {
        var sorted = values.ToImmutableSortedDictionary(StringComparer.Ordinal);
        return sorted.IsEmpty ? null : new Extras(sorted);
    }

    public static Extras? Single(string name, string? value) =>
        value is null ? null : new Extras(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(name, value));

    public bool Equals(Extras? other) => other is not null && _values.SequenceEqual(other._values);

    public override bool Equals(object? obj) => Equals(obj as Extras);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (name, value) in _values)
        {
            hash.Add(name);
            hash.Add(value);
        }
        return hash.ToHashCode();
    }
}
