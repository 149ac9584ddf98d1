namespace Exalate.Core.Connections;

/// <summary>
/// Word that an inviter without an address left at the node it invites: the invitation can't be asked for at its maker, so it stands here, and here the maker fetches the answer.
/// The code itself is not among it: whoever accepts has it.
/// </summary>
public sealed class RegisteredInvitation
{
    public required Guid LinkId { get; init; }

    /// <summary>SHA-256 of the invitation's token, hex. Another one when the inviter has made a new code.</summary>
    public required string TokenHash { get; set; }

    /// <summary>SHA-256 of what the inviter shows to fetch the answer, hex: whoever saw the code can't.</summary>
    public required string AnswerKeyHash { get; init; }

    public required string InviterUid { get; init; }

    /// <summary>Open, Revoked or Used; Expired follows from the clock.</summary>
    public required InvitationState State { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }

    public string? FromAddress { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the inviter last asked, within some seconds.</summary>
    public required DateTimeOffset AskedAt { get; set; }

    /// <summary>The connection that was made of it here.</summary>
    public Guid? ConnectionId { get; set; }

    /// <summary>Of two changes at once (accept and revoke) one wins.</summary>
    public int Revision { get; set; }

    public InvitationState StateAt(DateTimeOffset now) => State == InvitationState.Open && now >= ExpiresAt ? InvitationState.Expired : State;
}
