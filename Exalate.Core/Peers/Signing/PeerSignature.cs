namespace Exalate.Core.Peers.Signing;

/// <summary>What node-to-node messages must cover, in both directions. See docs/peer-protocol.md, "Signatures".</summary>
internal static class PeerSignature
{
    public const string Label = "exalate";
    public const string Algorithm = "hmac-sha256";
    public const string RequestTag = "exalate-peer-v1-request";
    public const string AnswerTag = "exalate-peer-v1-answer";
    public const string RecipientHeader = "exalate-recipient";
    public const string InputHeader = "signature-input";
    public const string SignatureHeader = "signature";
    public const int MinNonceLength = 16;
    public const int MaxNonceLength = 64;

    /// <summary>How far the signer's clock may be from the verifier's, either way.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(300);

    public static readonly IReadOnlyList<string> RequestComponents = ["@method", "@path", "@query", ContentDigest.Header, RecipientHeader];
    public static readonly IReadOnlyList<string> AnswerComponents = ["@status", ContentDigest.Header];

    /// <summary>Headers that go with a request, the digest included.</summary>
    /// <param name="pathAndQuery">As it goes over the wire. Example: "/peer/v1/connections/5f…/requests".</param>
    public static IReadOnlyDictionary<string, string> SignRequest(string method, string pathAndQuery, string contentDigest, string recipientUid, PeerKey key, long created, string nonce)
    {
        var headers = new Dictionary<string, string> { [ContentDigest.Header] = contentDigest, [RecipientHeader] = recipientUid };
        var input = Input(RequestComponents, key, created, nonce, RequestTag);
        Seal(headers, input, key, name => RequestComponent(name, method, pathAndQuery, headers));
        return headers;
    }

    /// <summary>Headers that go with an answer. The nonce is the request's, so an answer fits one request alone.</summary>
    public static IReadOnlyDictionary<string, string> SignAnswer(int status, string contentDigest, PeerKey key, long created, string requestNonce)
    {
        var headers = new Dictionary<string, string> { [ContentDigest.Header] = contentDigest };
        Seal(headers, Input(AnswerComponents, key, created, requestNonce, AnswerTag), key, name => AnswerComponent(name, status, headers));
        return headers;
    }

    /// <summary>True when the answer was signed with the key, for the request with that nonce, and has the hash that goes with it.</summary>
    public static bool VerifyAnswer(int status, IReadOnlyDictionary<string, string> headers, PeerKey key, string requestNonce) =>
        Read(headers, AnswerTag, AnswerComponents) is { } signed
        && signed.Input.KeyId == key.Id
        && signed.Input.Nonce == requestNonce
        && HttpSignature.Base(signed.Input, name => AnswerComponent(name, status, headers)) is { } text
        && HttpSignature.Verify(text, key.Secret, signed.Signature);

    public static bool VerifyRequest(SignedMessage signed, string method, string pathAndQuery, IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> secret) =>
        HttpSignature.Base(signed.Input, name => RequestComponent(name, method, pathAndQuery, headers)) is { } text && HttpSignature.Verify(text, secret, signed.Signature);

    /// <summary>Our signature on a message when it is well formed and covers exactly what it must; else null.</summary>
    public static SignedMessage? Read(IReadOnlyDictionary<string, string> headers, string tag, IReadOnlyList<string> components)
    {
        if (StructuredFields.ReadSignatureInputs(headers.GetValueOrDefault(InputHeader)) is not { } inputs
            || StructuredFields.ReadByteSequences(headers.GetValueOrDefault(SignatureHeader)) is not { } signatures
            || !inputs.TryGetValue(Label, out var input)
            || !signatures.TryGetValue(Label, out var signature))
        {
            return null;
        }

        var isOurs = input is { Algorithm: Algorithm, KeyId.Length: > 0, Created: > 0, Nonce.Length: >= MinNonceLength and <= MaxNonceLength } && input.Tag == tag && input.Parameters.Count == 5;
        return isOurs && input.Components.Count == components.Count && components.All(input.Components.Contains) ? new SignedMessage(input, signature) : null;
    }

    private static SignatureInput Input(IReadOnlyList<string> components, PeerKey key, long created, string nonce, string tag) => new()
    {
        Components = components,
        Parameters = [new("created", created), new("nonce", nonce), new("keyid", key.Id), new("alg", Algorithm), new("tag", tag)],
    };

    private static void Seal(Dictionary<string, string> headers, SignatureInput input, PeerKey key, Func<string, string?> component)
    {
        var text = HttpSignature.Base(input, component) ?? throw new InvalidOperationException("A signed component is missing.");
        headers[InputHeader] = $"{Label}={input.Serialize()}";
        headers[SignatureHeader] = StructuredFields.WriteByteSequence(Label, HttpSignature.Sign(text, key.Secret));
    }

    private static string? RequestComponent(string name, string method, string pathAndQuery, IReadOnlyDictionary<string, string> headers)
    {
        var mark = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        return name switch
        {
            "@method" => method,
            "@path" => mark < 0 ? pathAndQuery : pathAndQuery[..mark],
            // RFC 9421, 2.2.7: a missing query is a lone question mark.
            "@query" => mark < 0 ? "?" : pathAndQuery[mark..],
            _ => headers.GetValueOrDefault(name),
        };
    }

    private static string? AnswerComponent(string name, int status, IReadOnlyDictionary<string, string> headers) =>
        name == "@status" ? status.ToString(System.Globalization.CultureInfo.InvariantCulture) : headers.GetValueOrDefault(name);
}

/// <summary>The key of one connection.</summary>
/// <param name="Id">The link id in lower case with hyphens. Example: "0f8fad5b-d9cb-469f-a165-70867728950e".</param>
/// <param name="Secret">32 bytes.</param>
internal sealed record PeerKey(string Id, byte[] Secret)
{
    public static string IdOf(Guid linkId) => linkId.ToString("D");

    public static PeerKey Of(Guid linkId, string secret) => new(IdOf(linkId), System.Buffers.Text.Base64Url.DecodeFromChars(secret));

    public override string ToString() => $"{nameof(PeerKey)} {Id}";
}

internal sealed record SignedMessage(SignatureInput Input, byte[] Signature);
