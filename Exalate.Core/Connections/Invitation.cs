namespace Exalate.Core.Connections;

/// <summary>What this node gave out so that a partner can accept a Pending connection. The one with the highest number counts.</summary>
public sealed class Invitation
{
    public required Guid Id { get; init; }

    public required Guid ConnectionId { get; init; }

    /// <summary>1 for the connection's first invitation, rising; the highest counts.</summary>
    public required int Number { get; init; }

    /// <summary>SHA-256 of the one-time token, hex: the database alone does not let anyone accept.</summary>
    public required string TokenHash { get; init; }

    /// <summary>The code, encrypted, so that it can be copied again; null once it can't be used any more.</summary>
    public string? ProtectedCode { get; set; }

    /// <summary>Where this node can't be called: what it shows at the invited node to fetch the answer, encrypted. The same for all invitations of a connection.</summary>
    public string? ProtectedAnswerKey { get; init; }

    /// <summary>Never <see cref="InvitationState.Expired"/>: that follows from the clock, see <see cref="StateAt"/>.</summary>
    public required InvitationState State { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public string? CreatedBy { get; init; }

    /// <summary>The node it was made for; null: whoever has the code.</summary>
    public string? InvitedNodeUid { get; init; }

    /// <summary>The accepter's id of its acceptance: the same one may repeat the exchange.</summary>
    public string? AcceptId { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    public string? UsedByNodeUid { get; set; }

    /// <summary>Where the acceptance came from. Example: "203.0.113.7".</summary>
    public string? UsedFromAddress { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public string? RevokedBy { get; set; }

    /// <summary>Of two changes at once (two accepters, accept and revoke) one wins.</summary>
    public int Revision { get; set; }

    public InvitationState StateAt(DateTimeOffset now) => State == InvitationState.Open && now >= ExpiresAt ? InvitationState.Expired : State;
}

/// <summary>An acceptance under way on the accepting side: stored before the exchange, gone when the connection is active. What it takes to go on after a crash.</summary>
public sealed class Acceptance
{
    public required Guid ConnectionId { get; init; }

    /// <summary>Chosen here; the inviter lets the same one repeat the exchange.</summary>
    public required string AcceptId { get; set; }

    /// <summary>SHA-256 of the invitation's token, hex: tells whether a pasted code is another one.</summary>
    public required string TokenHash { get; set; }

    /// <summary>The invitation's token, encrypted.</summary>
    public required string ProtectedToken { get; set; }

    public required string InviterUrl { get; init; }

    public required string InviterUid { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }

    public int Attempts { get; set; }

    /// <summary>When the node tries again by itself.</summary>
    public required DateTimeOffset NextAttemptAt { get; set; }
}

/// <summary>An invitation on this node that no one has confirmed yet: pasted here, or handed over by the inviting node.</summary>
public sealed class ReceivedOffer
{
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the handle, hex.</summary>
    public required string HandleHash { get; init; }

    /// <summary>The code, encrypted.</summary>
    public required string ProtectedCode { get; init; }

    /// <summary>True when the inviting node handed it over and a browser follows.</summary>
    public required bool WasHandedOver { get; init; }

    public string? FromAddress { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it can be opened.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Until when it can be confirmed: set when an admin opens it, who then chooses a project in peace.</summary>
    public DateTimeOffset? ConfirmBefore { get; set; }
}
