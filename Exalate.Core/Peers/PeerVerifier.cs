using System.Security.Cryptography;
using Exalate.Core.Connections;
using Exalate.Core.Peers.Signing;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Peers;

/// <summary>A call whose signature was checked.</summary>
internal sealed record VerifiedCall(Guid ConnectionId, PeerKey Key, string Nonce, byte[] Body);

/// <summary>Why a signed call is refused. Nothing but the code leaves the node.</summary>
internal sealed record CallRefusal(int Status, string Code);

/// <summary>Checks signed calls: who, to whom, when, what, and not twice. A body is read only after the signature was found good.</summary>
internal sealed class PeerVerifier(IDbContextFactory<ExalateDbContext> databases, NodeSettingsStore settings, ISecretProtector secrets, TimeProvider time)
{
    /// <param name="linkId">The connection in the path: the key of another one does not open it.</param>
    public async Task<(VerifiedCall? Call, CallRefusal? Refusal)> VerifyAsync(PeerCall call, string linkId, int maxBodyBytes, CancellationToken cancellationToken)
    {
        if (!call.Headers.ContainsKey(PeerSignature.InputHeader) || !call.Headers.ContainsKey(PeerSignature.SignatureHeader))
        {
            return Refuse(PeerCodes.SignatureMissing);
        }

        if (PeerSignature.Read(call.Headers, PeerSignature.RequestTag, PeerSignature.RequestComponents) is not { } signed)
        {
            return Refuse(PeerCodes.SignatureMalformed);
        }

        if (signed.Input.KeyId != linkId || !Guid.TryParseExact(linkId, "D", out var link) || PeerKey.IdOf(link) != linkId)
        {
            return Refuse(PeerCodes.WrongConnection);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.AsNoTracking().Where(c => c.LinkId == link).OrderBy(c => c.IsInviter).FirstOrDefaultAsync(cancellationToken);
        if (connection?.ProtectedSecret is not { } secret)
        {
            return Refuse(connection is null ? PeerCodes.UnknownConnection : PeerCodes.ConnectionInactive);
        }

        var key = PeerKey.Of(link, secrets.Unprotect(secret));
        if (!PeerSignature.VerifyRequest(signed, call.Method, call.PathAndQuery, call.Headers, key.Secret))
        {
            return Refuse(PeerCodes.SignatureInvalid);
        }

        // From here on the caller is the partner; what follows protects against what others made of its requests, and against mistakes.
        var own = await settings.ReadAsync(cancellationToken);
        var code = call.Headers[PeerSignature.RecipientHeader] != own.NodeUid ? PeerCodes.WrongRecipient
            : !IsWithinWindow(signed.Input.Created!.Value) ? PeerCodes.ClockWindow
            : connection.Status != ConnectionStatus.Active ? PeerCodes.ConnectionInactive
            : null;
        return code is null ? await TakeAsync(db, call, connection, key, signed, maxBodyBytes, cancellationToken) : Refuse(code);
    }

    private async Task<(VerifiedCall? Call, CallRefusal? Refusal)> TakeAsync(
        ExalateDbContext db, PeerCall call, Connection connection, PeerKey key, SignedMessage signed, int maxBodyBytes, CancellationToken cancellationToken)
    {
        if (ContentDigest.Read(call.Headers[ContentDigest.Header]) is not { } digest)
        {
            return Refuse(PeerCodes.DigestMismatch);
        }

        if (await call.ReadBodyAsync(maxBodyBytes, cancellationToken) is not { } body)
        {
            return (null, new CallRefusal(413, PeerCodes.TooLarge));
        }

        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(body), digest))
        {
            return Refuse(PeerCodes.DigestMismatch);
        }

        return await IsFirstUseAsync(db, connection.LinkId, signed.Input, cancellationToken)
            ? (new VerifiedCall(connection.Id, key, signed.Input.Nonce!, body), null)
            : Refuse(PeerCodes.Replayed);
    }

    private bool IsWithinWindow(long created) =>
        Math.Abs((decimal)time.GetUtcNow().ToUnixTimeSeconds() - created) <= (decimal)PeerSignature.Window.TotalSeconds;

    private static async Task<bool> IsFirstUseAsync(ExalateDbContext db, Guid linkId, SignatureInput input, CancellationToken cancellationToken)
    {
        // A second more than the window: the clock is read in whole seconds.
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(input.Created!.Value) + PeerSignature.Window + TimeSpan.FromSeconds(1);
        db.Add(new PeerNonce { LinkId = linkId, Nonce = input.Nonce!, ExpiresAt = expiresAt });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException e) when (e.IsDuplicate())
        {
            return false;
        }
    }

    private static (VerifiedCall? Call, CallRefusal? Refusal) Refuse(string code) => (null, new CallRefusal(401, code));
}
