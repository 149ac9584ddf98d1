using System.Text.Json.Nodes;

namespace Exalate.Sandbox.Asana;

/// <summary>How one kind of resource is written: which fields it has, and which of them come without being asked for.</summary>
internal sealed class Shape<T>(Func<T, long> idOf, string type)
{
    private readonly Dictionary<string, Func<T, FieldTree, JsonNode?>> fields = new(StringComparer.Ordinal);
    private readonly List<string> compact = ["resource_type"];
    private readonly List<string> full = ["resource_type"];

    /// <summary>In the compact record, too.</summary>
    public Shape<T> Compact(string name, Func<T, JsonNode?> value)
    {
        compact.Add(name);
        return Field(name, value);
    }

    /// <summary>In the full record.</summary>
    public Shape<T> Field(string name, Func<T, JsonNode?> value) => Nested(name, (item, _) => value(item));

    /// <summary>In the full record; holds other records.</summary>
    public Shape<T> Nested(string name, Func<T, FieldTree, JsonNode?> value)
    {
        full.Add(name);
        fields[name] = value;
        return this;
    }

    /// <summary>Only when asked for by name.</summary>
    public Shape<T> OnDemand(string name, Func<T, JsonNode?> value)
    {
        fields[name] = (item, _) => value(item);
        return this;
    }

    /// <summary>Only when asked for by name; holds other records.</summary>
    public Shape<T> NestedOnDemand(string name, Func<T, FieldTree, JsonNode?> value)
    {
        fields[name] = value;
        return this;
    }

    public JsonObject Compact(T item) => Write(item, compact, new FieldTree());

    /// <summary>One record: what was asked for, else everything but what is on demand.</summary>
    public JsonObject Full(T item, FieldTree? wanted) =>
        wanted is null ? Write(item, full, new FieldTree()) : Write(item, wanted.Names, wanted);

    /// <summary>A record in a list or inside another: what was asked for, else compact.</summary>
    public JsonObject Listed(T item, FieldTree? wanted) => wanted is null || wanted.IsEmpty ? Compact(item) : Full(item, wanted);

    private JsonObject Write(T item, IEnumerable<string> names, FieldTree wanted)
    {
        var json = new JsonObject { ["gid"] = idOf(item).ToString() };
        foreach (var name in names)
        {
            if (name == "resource_type")
                json[name] = type;
            else if (name != "gid" && fields.TryGetValue(name, out var field))
                json[name] = field(item, wanted.Below(name));
        }

        return json;
    }
}
