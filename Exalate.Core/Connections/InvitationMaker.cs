using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Connections;

/// <summary>Makes invitations and reads their codes back.</summary>
internal sealed class InvitationMaker(IRandomSource random, ISecretProtector secrets, TimeProvider time, IOptions<PeerOptions> options)
{
    /// <summary>A new open invitation to the connection; the caller stores it.</summary>
    /// <param name="own">Settings that are complete (<see cref="SettingsRules.Missing"/> is empty).</param>
    public Invitation Make(Connection connection, int number, NodeSettings own, string? invitedNodeUid, string? by, Invitation? replaced = null)
    {
        var now = time.GetUtcNow();
        var token = Tokens.NewSecret(random);
        var expiresAt = now + options.Value.InvitationLifetime;
        var code = InvitationCode.Write(new InvitationPayload
        {
            LinkId = connection.LinkId,
            Token = token,
            ExpiresAt = expiresAt,
            Url = own.ExalateUrl,
            Uid = own.NodeUid,
            Node = own.NodeName,
            ShortName = own.ShortName!,
            Tracker = own.TrackerKind!.Value.ToString(),
            TrackerUrl = own.TrackerUrl!,
            Mode = connection.Mode.ToString(),
            Type = connection.Type.ToString(),
            Name = connection.Name,
            For = invitedNodeUid,
        });
        return new Invitation
        {
            Id = random.NewGuid(),
            ConnectionId = connection.Id,
            Number = number,
            TokenHash = Tokens.Hash(token),
            ProtectedCode = secrets.Protect(code),
            ProtectedAnswerKey = connection.Reach == Reach.OnlyWeCall ? replaced?.ProtectedAnswerKey ?? secrets.Protect(Tokens.NewSecret(random)) : null,
            State = InvitationState.Open,
            CreatedAt = now,
            ExpiresAt = expiresAt,
            CreatedBy = by,
            InvitedNodeUid = invitedNodeUid,
        };
    }

    /// <summary>Null when it can't be used (any more) or not be decrypted.</summary>
    public string? CodeOf(Invitation invitation)
    {
        if (invitation.ProtectedCode is null || invitation.StateAt(time.GetUtcNow()) != InvitationState.Open)
        {
            return null;
        }

        try
        {
            return secrets.Unprotect(invitation.ProtectedCode);
        }
        catch (SecretUnreadableException)
        {
            // A database moved without its keys: a new invitation can be made, so this is shown as "no code" and not as a crash.
            return null;
        }
    }
}
