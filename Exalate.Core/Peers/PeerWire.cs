namespace Exalate.Core.Peers;

// The JSON of /peer/v1 beside the sync messages; docs/peer-protocol.md says what each means. Names of kinds and modes are plain text here,
// so that a newer node's new word is a sentence for the admin and not a parse error.

/// <summary>Answer of <c>GET /peer/v1/about</c>.</summary>
public sealed record PeerAbout
{
    /// <summary>Always <see cref="ProductName"/>: tells a node from any other server that answers with JSON.</summary>
    public required string Product { get; init; }

    /// <summary>Example: ["v1"].</summary>
    public required IReadOnlyList<string> Protocols { get; init; }

    public required string Uid { get; init; }

    public string? Name { get; init; }

    public string? ShortName { get; init; }

    /// <summary>The node's Exalate URL; null when none is set.</summary>
    public string? Url { get; init; }

    public PeerTracker? Tracker { get; init; }

    /// <summary>Version of the product. Example: "0.1.0".</summary>
    public required string Version { get; init; }

    /// <summary>Example: ["Basic"].</summary>
    public required IReadOnlyList<string> Modes { get; init; }

    /// <summary>Connection types. Example: ["Public"].</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The node's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    public const string ProductName = "exalate";
    public const string Protocol = "v1";
}

/// <param name="Kind">Example: "Jira".</param>
/// <param name="Url">Address for people.</param>
public sealed record PeerTracker(string Kind, string Url);

/// <summary>A node as it introduces itself in the invitation exchange.</summary>
public sealed record PeerIdentity
{
    public required string Uid { get; init; }

    public string? Name { get; init; }

    public required string ShortName { get; init; }

    /// <summary>Null on a private connection: nobody calls there.</summary>
    public string? Url { get; init; }

    public required PeerTracker Tracker { get; init; }

    public required string Version { get; init; }
}

/// <summary>Body of <c>POST /peer/v1/invitations/inspect</c>.</summary>
public sealed record InspectInvitation(Guid LinkId, string Token)
{
    public override string ToString() => nameof(InspectInvitation);
}

/// <summary>Its answer.</summary>
/// <param name="State">"open", "used", "revoked" or "expired".</param>
public sealed record InvitationStanding(string State, DateTimeOffset ExpiresAt);

/// <summary>Body of <c>POST /peer/v1/invitations/accept</c>.</summary>
/// <param name="AcceptId">Chosen and stored by the accepter before the first try, 16-64 characters; the same one may repeat the exchange.</param>
/// <param name="Node">Who accepts.</param>
public sealed record ExchangeInvitation(Guid LinkId, string Token, string AcceptId, PeerIdentity Node)
{
    public override string ToString() => nameof(ExchangeInvitation);
}

/// <summary>Its answer.</summary>
/// <param name="Secret">The connection's secret: 32 bytes, base64url.</param>
/// <param name="Node">Who invited.</param>
public sealed record InvitationExchanged(string Secret, PeerIdentity Node)
{
    public override string ToString() => nameof(InvitationExchanged);
}

/// <summary>Body of <c>POST /peer/v1/invitations/register</c>: an inviter that can't be called leaves word of its invitation, and asks for the answer.</summary>
/// <param name="TokenHash">SHA-256 of the invitation's token, hex in lower case.</param>
/// <param name="AnswerKey">32 random bytes, base64url: whoever shows the same may ask. Not in the code.</param>
/// <param name="Uid">Who invites.</param>
/// <param name="For">UID of the node that is invited.</param>
public sealed record RegisterInvitation(Guid LinkId, string TokenHash, string AnswerKey, string Uid, string For, DateTimeOffset ExpiresAt, bool IsRevoked)
{
    public override string ToString() => nameof(RegisterInvitation);
}

/// <summary>Its answer.</summary>
/// <param name="State">"open", "used", "revoked" or "expired".</param>
/// <param name="Secret">The connection's secret, when used: 32 bytes, base64url.</param>
/// <param name="Node">Who accepted, when used.</param>
public sealed record RegistrationStanding(string State, string? Secret = null, PeerIdentity? Node = null)
{
    public override string ToString() => nameof(RegistrationStanding);
}

/// <summary>Body of <c>POST /peer/v1/offers</c>.</summary>
public sealed record HandOverInvitation(string Code)
{
    public override string ToString() => nameof(HandOverInvitation);
}

/// <summary>Its answer.</summary>
public sealed record InvitationHandedOver(string Handle)
{
    public override string ToString() => nameof(InvitationHandedOver);
}

/// <summary>Answer to a sync message.</summary>
/// <param name="Outcome">"stored", "alreadyStored" or "refused".</param>
public sealed record MessageTaken(string Outcome, string? Sentence = null);

/// <summary>Body of every failure, as application/problem+json (RFC 9457).</summary>
/// <param name="Code">One of <see cref="PeerCodes"/>.</param>
public sealed record PeerProblem(int Status, string Code, string? Detail = null);

/// <summary>Why a call was refused. Stable: partners act on them.</summary>
public static class PeerCodes
{
    public const string Malformed = "malformed";
    public const string TooLarge = "too-large";
    public const string TooMany = "too-many-requests";

    public const string SignatureMissing = "signature-missing";
    public const string SignatureMalformed = "signature-malformed";
    public const string SignatureInvalid = "signature-invalid";
    public const string WrongConnection = "wrong-connection";
    public const string UnknownConnection = "unknown-connection";
    public const string ConnectionInactive = "connection-inactive";
    public const string WrongRecipient = "wrong-recipient";
    public const string ClockWindow = "clock-window";
    public const string DigestMismatch = "digest-mismatch";
    public const string Replayed = "replayed";

    public const string SecretUnreadable = "secret-unreadable";

    public const string InvitationUnknown = "invitation-unknown";
    public const string InvitationUsed = "invitation-used";
    public const string InvitationRevoked = "invitation-revoked";
    public const string InvitationExpired = "invitation-expired";
    public const string InvitationForAnotherNode = "invitation-for-another-node";
    public const string InvitationOwn = "invitation-own";
    public const string IdentityMismatch = "identity-mismatch";
    public const string UrlNeeded = "url-needed";
    public const string NotReady = "not-ready";
    public const string TooManyOffers = "too-many-offers";

    public const string MessageRefused = "message-refused";
    public const string AttachmentUnknown = "attachment-unknown";
    public const string AttachmentTooLarge = "attachment-too-large";
    public const string AttachmentUnavailable = "attachment-unavailable";
    public const string FileUnwanted = "file-unwanted";
}
