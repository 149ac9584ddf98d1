namespace Exalate.Sandbox.Asana;

/// <summary>The fields a caller asked for, as paths: memberships.section.name.</summary>
internal sealed class FieldTree
{
    private readonly Dictionary<string, FieldTree> children = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => children.Keys;

    public bool IsEmpty => children.Count == 0;

    /// <summary>What is below a field; an empty tree means the compact record.</summary>
    public FieldTree Below(string name) => children.GetValueOrDefault(name) ?? new FieldTree();

    /// <summary>Null when nothing was asked for: the default record.</summary>
    public static FieldTree? Parse(IEnumerable<string> paths)
    {
        var root = new FieldTree();
        foreach (var path in paths)
        {
            var node = root;
            foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(name => name != "this"))
            {
                if (!node.children.TryGetValue(name, out var next))
                    node.children[name] = next = new FieldTree();
                node = next;
            }
        }

        return root.IsEmpty ? null : root;
    }
}
