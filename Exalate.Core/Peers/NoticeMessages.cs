namespace Exalate.Core.Peers;

/// <summary>What a node tells its partner about its side of a connection.</summary>
public enum NoticeKind
{
    /// <summary>The sender processes the connection again; what was kept may come.</summary>
    Activated,

    /// <summary>The sender keeps its changes and takes none until it is activated again.</summary>
    Deactivated,

    /// <summary>The sender deleted its side.</summary>
    Deleted,

    /// <summary>The sender's node has another address: <see cref="NoticeMessage.Url"/>.</summary>
    Moved,

    /// <summary>Another secret for the connection: <see cref="NoticeMessage.Secret"/>. Signed with the present one; from its acknowledgement on the sender signs with the new one.</summary>
    SecretOffered,

    /// <summary>The sender uses the new secret from now on.</summary>
    SecretInUse,

    /// <summary>The sender wants another secret and can't offer one, because it makes no calls: the receiver is to offer it.</summary>
    SecretWanted,
}

/// <summary>Body of <c>POST /peer/v1/connections/{linkId}/notices</c>. Repeated under the same number until it is acknowledged; a second delivery changes nothing.</summary>
public sealed record NoticeMessage
{
    /// <summary>Rises with each notice of the sender on this connection, from 1; not without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>A <see cref="NoticeKind"/>; text, so that a newer node's new word is a refusal with a sentence and not a parse error.</summary>
    public required string Kind { get; init; }

    /// <summary>When it happened, by the sender's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>With <see cref="NoticeKind.Moved"/>. Example: "https://exalate.acme.example".</summary>
    public string? Url { get; init; }

    /// <summary>With <see cref="NoticeKind.SecretOffered"/>: 32 bytes, base64url.</summary>
    public string? Secret { get; init; }

    public override string ToString() => $"{nameof(NoticeMessage)} {Number} {Kind}";
}
