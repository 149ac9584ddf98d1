using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exalate.Core.Replicas;

namespace Exalate.Core.Connections;

/// <summary>What an invitation code carries.</summary>
public sealed record InvitationPayload
{
    public required Guid LinkId { get; init; }

    /// <summary>One-time token: 32 bytes, base64url.</summary>
    public required string Token { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The inviting node's address; null when it has none: it has left word of the invitation at the invited node then.</summary>
    public string? Url { get; init; }

    public required string Uid { get; init; }

    public string? Node { get; init; }

    public required string ShortName { get; init; }

    /// <summary>Example: "Jira". Plain text, so that a newer kind is a sentence and not a damaged code.</summary>
    public required string Tracker { get; init; }

    public required string TrackerUrl { get; init; }

    /// <summary>Example: "Basic".</summary>
    public required string Mode { get; init; }

    /// <summary>Example: "Public".</summary>
    public required string Type { get; init; }

    /// <summary>The connection's name on the inviting side.</summary>
    public required string Name { get; init; }

    /// <summary>UID of the node that it was made for; null: whoever has it.</summary>
    public string? For { get; init; }

    public override string ToString() => $"{nameof(InvitationPayload)} {LinkId}";
}

/// <summary>
/// Invitation codes: <c>EXA1-</c> and base32. Whatever mail and chat put around and between the letters (line breaks, spaces, quotes, reply marks, invisible characters, lower case)
/// is passed over, because base32 has letters and digits alone, and the length inside says where the code ends.
/// </summary>
internal static class InvitationCode
{
    public const string Prefix = "EXA1-";
    public const int MaxTextLength = 20_000;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int LengthBytes = 2;
    private const int ChecksumBytes = 4;
    private const int MaxPayloadBytes = 6_000;

    public static string Write(InvitationPayload payload)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(payload, ReplicaJson.Options);
        if (json.Length > MaxPayloadBytes)
        {
            throw new InvalidOperationException("The invitation is too long for a code.");
        }

        var frame = new byte[LengthBytes + json.Length + ChecksumBytes];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)json.Length);
        json.CopyTo(frame, LengthBytes);
        SHA256.HashData(frame.AsSpan(0, LengthBytes + json.Length)).AsSpan(0, ChecksumBytes).CopyTo(frame.AsSpan(LengthBytes + json.Length));
        return Prefix + Encode(frame);
    }

    /// <summary>Fails with <see cref="Invalid"/>: no code in the text, damaged (which way), or of a newer version.</summary>
    public static Result<InvitationPayload> Read(string text)
    {
        if (text.Length > MaxTextLength)
        {
            return Wrong("This text is too long for an invitation code. Paste the code alone.");
        }

        // "&gt;" and "&#8203;" are what a mail program's source view makes of reply marks and invisible characters.
        var letters = new string([.. WebUtility.HtmlDecode(text).Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);
        Error? problem = null;
        for (var at = letters.IndexOf("EXA1", StringComparison.Ordinal); at >= 0; at = letters.IndexOf("EXA1", at + 1, StringComparison.Ordinal))
        {
            var result = Decode(letters.AsSpan(at + 4));
            if (result.IsSuccess)
            {
                return result;
            }

            problem = result.Error;
        }

        return problem ?? (letters.Length > 4 && letters.StartsWith("EXA", StringComparison.Ordinal) && letters[3] is > '1' and <= '9'
            ? Wrong("This invitation code was made by a newer version of Exalate. Update this node, then paste it again.")
            : Wrong($"This is not an invitation code: a code starts with {Prefix}. Copy it again on the inviting side and paste the whole text."));
    }

    private static Result<InvitationPayload> Decode(ReadOnlySpan<char> letters)
    {
        var bytes = Decode32(letters);
        if (bytes.Length < LengthBytes || bytes.Length < LengthBytes + BinaryPrimitives.ReadUInt16BigEndian(bytes) + ChecksumBytes)
        {
            var isShort = bytes.Length < LengthBytes || BinaryPrimitives.ReadUInt16BigEndian(bytes) <= MaxPayloadBytes;
            return Wrong(isShort ? "The invitation code is damaged: a part of it is missing. Copy it again and paste the whole text." : Damaged);
        }

        var end = LengthBytes + BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (!SHA256.HashData(bytes.AsSpan(0, end)).AsSpan(0, ChecksumBytes).SequenceEqual(bytes.AsSpan(end, ChecksumBytes)))
        {
            return Wrong(Damaged);
        }

        try
        {
            return JsonSerializer.Deserialize<InvitationPayload>(bytes.AsSpan(LengthBytes, end - LengthBytes), ReplicaJson.Options) is { } payload ? payload : Wrong(Damaged);
        }
        catch (JsonException)
        {
            return Wrong("This invitation code can't be read by this version of Exalate. Update this node, then paste it again.");
        }
    }

    private const string Damaged = "The invitation code is damaged: some of its characters were changed on the way. Copy it again and paste the whole text.";

    private static Invalid Wrong(string sentence) => new(sentence, nameof(ReadInvitation.Code));

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 + 4) / 5);
        int buffer = 0, bits = 0;
        foreach (var b in bytes)
        {
            buffer = (buffer << 8) | b;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Alphabet[(buffer >> bits) & 31]);
            }

            buffer &= (1 << bits) - 1;
        }

        return bits > 0 ? text.Append(Alphabet[(buffer << (5 - bits)) & 31]).ToString() : text.ToString();
    }

    // Letters and digits outside the alphabet belong to what was pasted around the code; a changed one is found by the checksum.
    private static byte[] Decode32(ReadOnlySpan<char> letters)
    {
        var bytes = new List<byte>(letters.Length * 5 / 8);
        int buffer = 0, bits = 0;
        foreach (var letter in letters)
        {
            var value = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (value < 0)
            {
                continue;
            }

            buffer = (buffer << 5) | value;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
                buffer &= (1 << bits) - 1;
            }
        }

        return [.. bytes];
    }
}
