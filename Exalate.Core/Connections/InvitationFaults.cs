using Exalate.Core.Peers;

namespace Exalate.Core.Connections;

/// <summary>Why an invitation can't be accepted, in the words of the accepting admin.</summary>
internal static class InvitationFaults
{
    public static Conflict Used(string inviter) =>
        new($"This invitation was already used: {inviter} is connected through it with someone. Ask {inviter} for a new one.");

    public static Conflict Revoked(string inviter) => new($"{inviter} revoked this invitation. Ask {inviter} for a new one.");

    public static Conflict Expired(string inviter, DateTimeOffset at) => new($"This invitation expired on {at:yyyy-MM-dd HH:mm} UTC. Ask {inviter} for a new one.");

    public static Conflict ForAnotherNode(string inviter) =>
        new($"This invitation was made for another node. Paste it in the console of the node that {inviter} named, or ask {inviter} for one to this node's Exalate URL.");

    public static Conflict Own() => new("This invitation was made by this node itself. Send it to your partner; it is accepted on the partner's console.");

    /// <summary>Why an invitation whose maker can't be called does not stand; null when it does.</summary>
    public static Error? OfRegistered(RegisteredInvitation? standing, InvitationPayload payload, DateTimeOffset now) => standing?.StateAt(now) switch
    {
        null => new NotFound(
            $"{payload.ShortName} can't be called and has not left word of this invitation here (any more). Its node does that by itself while it can reach this one; if it does not, or its admin made a newer code, ask {payload.ShortName} for that."),
        InvitationState.Used => Used(payload.ShortName),
        InvitationState.Revoked => Revoked(payload.ShortName),
        InvitationState.Expired => Expired(payload.ShortName, standing.ExpiresAt),
        _ => null,
    };

    public static Conflict UrlNeeded(string inviter) =>
        new($"This invitation is to a public connection, in which {inviter} calls this node, and this node has no Exalate URL. Enter it in General Settings, or ask {inviter} for an invitation made with “I don't have a URL”.");

    public static NotFound Unknown(string inviter) => new($"{inviter} does not know this invitation (any more): it was replaced or its connection was deleted. Ask {inviter} for a new one.");

    public static Unavailable Unreachable(string sentence) => new($"The inviting node can't be asked whether the invitation still stands. {sentence} Try again later; the invitation is not lost.");

    /// <summary>The error for a refusal that trying again can't change; null for every other failure.</summary>
    public static Error? Final(PeerException failure, string inviter, DateTimeOffset expiresAt) => failure.Code switch
    {
        PeerCodes.InvitationUnknown => Unknown(inviter),
        PeerCodes.InvitationUsed => Used(inviter),
        PeerCodes.InvitationRevoked => Revoked(inviter),
        PeerCodes.InvitationExpired => Expired(inviter, expiresAt),
        PeerCodes.InvitationForAnotherNode => ForAnotherNode(inviter),
        PeerCodes.InvitationOwn => Own(),
        PeerCodes.IdentityMismatch => new Conflict($"{inviter} calls this node at its Exalate URL and finds another node there. Correct the Exalate URL in General Settings."),
        PeerCodes.UrlNeeded => UrlNeeded(inviter),
        PeerCodes.Malformed => new Conflict($"{inviter} can't read what this node answers; its version of Exalate may be too old. Update both sides."),
        _ => null,
    };
}
