using System.Globalization;
using System.Text;

namespace Exalate.Core.Peers.Signing;

/// <summary>One member of a <c>Signature-Input</c> field: which components a signature covers, and its parameters (RFC 9421, 4.1).</summary>
internal sealed record SignatureInput
{
    /// <summary>Example: ["@method", "content-digest"].</summary>
    public required IReadOnlyList<string> Components { get; init; }

    /// <summary>In the order in which they are written; their values are <see cref="long"/> or <see cref="string"/>.</summary>
    public required IReadOnlyList<KeyValuePair<string, object>> Parameters { get; init; }

    public long? Created => Find("created") as long?;

    public string? Nonce => Find("nonce") as string;

    public string? KeyId => Find("keyid") as string;

    public string? Algorithm => Find("alg") as string;

    public string? Tag => Find("tag") as string;

    /// <summary>Example: ("@method" "@path");created=1618884473;keyid="x".</summary>
    public string Serialize()
    {
        var text = new StringBuilder("(").AppendJoin(' ', Components.Select(component => $"\"{component}\"")).Append(')');
        foreach (var (name, value) in Parameters)
        {
            text.Append(';').Append(name).Append('=');
            _ = value is long number ? text.Append(number.ToString(CultureInfo.InvariantCulture)) : text.Append('"').Append(((string)value).Replace("\\", @"\\").Replace("\"", "\\\"")).Append('"');
        }

        return text.ToString();
    }

    private object? Find(string name) => Parameters.FirstOrDefault(p => p.Key == name).Value;
}
