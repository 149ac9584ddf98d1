using System.Globalization;
using System.Text;

namespace Exalate.Core.Peers.Signing;

/// <summary>
/// The part of RFC 8941 (structured fields) that signatures need, read strictly: what is not needed is refused, and so is a name given twice,
/// where the RFC would let the last one win.
/// </summary>
internal static class StructuredFields
{
    private const int MaxLength = 4096;

    /// <summary>A dictionary of inner lists of plain strings, each with integer or string parameters; null when it is anything else.</summary>
    public static IReadOnlyDictionary<string, SignatureInput>? ReadSignatureInputs(string? field) =>
        Read(field, static reader => reader.InnerList() is { } components && reader.Parameters() is { } parameters
            ? new SignatureInput { Components = components, Parameters = parameters }
            : null);

    /// <summary>A dictionary of byte sequences; null when it is anything else. Example: sha-256=:3Zs…=:</summary>
    public static IReadOnlyDictionary<string, byte[]>? ReadByteSequences(string? field) => Read(field, static reader => reader.ByteSequence());

    public static string WriteByteSequence(string name, ReadOnlySpan<byte> value) => $"{name}=:{Convert.ToBase64String(value)}:";

    private static Dictionary<string, T>? Read<T>(string? field, Func<Reader, T?> member)
        where T : class
    {
        if (string.IsNullOrEmpty(field) || field.Length > MaxLength)
        {
            return null;
        }

        var reader = new Reader(field);
        var members = new Dictionary<string, T>(StringComparer.Ordinal);
        reader.SkipSpaces();
        while (true)
        {
            if (reader.Key() is not { } name || !reader.Take('=') || member(reader) is not { } value || !members.TryAdd(name, value))
            {
                return null;
            }

            reader.SkipOptionalWhitespace();
            if (reader.IsAtEnd)
            {
                return members;
            }

            if (!reader.Take(','))
            {
                return null;
            }

            reader.SkipOptionalWhitespace();
        }
    }

    private sealed class Reader(string text)
    {
        private int at;

        public bool IsAtEnd => at == text.Length;

        private char Next => at < text.Length ? text[at] : '\0';

        public bool Take(char expected)
        {
            if (Next != expected)
            {
                return false;
            }

            at++;
            return true;
        }

        public void SkipSpaces()
        {
            while (Take(' '))
            {
            }
        }

        public void SkipOptionalWhitespace()
        {
            while (Take(' ') || Take('\t'))
            {
            }
        }

        public string? Key()
        {
            var start = at;
            if (!char.IsAsciiLetterLower(Next) && Next != '*')
            {
                return null;
            }

            while (char.IsAsciiLetterLower(Next) || char.IsAsciiDigit(Next) || Next is '_' or '-' or '.' or '*')
            {
                at++;
            }

            return text[start..at];
        }

        public List<string>? InnerList()
        {
            var items = new List<string>();
            if (!Take('('))
            {
                return null;
            }

            SkipSpaces();
            while (!Take(')'))
            {
                if (String() is not { } item || items.Contains(item, StringComparer.Ordinal) || (Next != ' ' && Next != ')'))
                {
                    return null;
                }

                items.Add(item);
                SkipSpaces();
            }

            return items;
        }

        public List<KeyValuePair<string, object>>? Parameters()
        {
            var parameters = new List<KeyValuePair<string, object>>();
            while (Take(';'))
            {
                SkipSpaces();
                if (Key() is not { } name || !Take('=') || parameters.Exists(p => p.Key == name) || (Next == '"' ? String() : Integer()) is not { } value)
                {
                    return null;
                }

                parameters.Add(new(name, value));
            }

            return parameters;
        }

        public byte[]? ByteSequence()
        {
            if (!Take(':'))
            {
                return null;
            }

            var end = text.IndexOf(':', at);
            if (end < 0)
            {
                return null;
            }

            var encoded = text[at..end];
            at = end + 1;
            var bytes = new byte[encoded.Length];
            // Whitespace inside and missing padding are let pass by other readers; we write neither and take neither.
            return !encoded.Any(char.IsWhiteSpace) && Convert.TryFromBase64String(encoded, bytes, out var length) ? bytes[..length] : null;
        }

        private string? String()
        {
            if (!Take('"'))
            {
                return null;
            }

            var value = new StringBuilder();
            while (true)
            {
                var c = Next;
                at++;
                switch (c)
                {
                    case '"':
                        return value.ToString();
                    case '\\' when Next is '"' or '\\':
                        value.Append(Next);
                        at++;
                        break;
                    case '\\' or < ' ' or > '~':
                        return null;
                    default:
                        value.Append(c);
                        break;
                }
            }
        }

        private object? Integer()
        {
            var start = at;
            Take('-');
            while (char.IsAsciiDigit(Next))
            {
                at++;
            }

            // At most 15 digits, RFC 8941 3.3.1.
            return at - start <= 16 && long.TryParse(text.AsSpan(start, at - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
        }
    }
}
