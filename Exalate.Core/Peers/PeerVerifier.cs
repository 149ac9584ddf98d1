using System.Security.Cryptography;
using Exalate.Core.Connections;
using Exalate.Core.Peers.Signing;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Peers;

/// <summary>A call whose signature was checked.</summary>
/// <param name="Digest">SHA-256 that the body must have; where the body was read it has it.</param>
/// <param name="Body">Empty when the caller reads it.</param>
internal sealed record VerifiedCall(Guid ConnectionId, PeerKey Key, string Nonce, byte[] Digest, byte[] Body);

/// <summary>Why a signed call is refused. Nothing but the code leaves the node.</summary>
internal sealed record CallRefusal(int Status, string Code);

/// <summary>Checks signed calls: who, to whom, when, what, and not twice. A body is read only after the signature was found good.</summary>
internal sealed class PeerVerifier(IDbContextFactory<ExalateDbContext> databases, NodeSettingsStore settings, ISecretProtector secrets, TimeProvider time, ILogger<PeerVerifier> log)
{
    /// <param name="linkId">The connection in the path: the key of another one does not open it.</param>
    /// <param name="maxBodyBytes">Null: the body is a file, which the caller reads and compares with the digest.</param>
    public async Task<(VerifiedCall? Call, CallRefusal? Refusal)> VerifyAsync(PeerCall call, string linkId, int? maxBodyBytes, CancellationToken cancellationToken)
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

        if (KeyOf(link, secret) is not { } key)
        {
            return (null, new CallRefusal(503, PeerCodes.SecretUnreadable));
        }

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
        ExalateDbContext db, PeerCall call, Connection connection, PeerKey key, SignedMessage signed, int? maxBodyBytes, CancellationToken cancellationToken)
    {
        if (ContentDigest.Read(call.Headers[ContentDigest.Header]) is not { } digest)
        {
            return Refuse(PeerCodes.DigestMismatch);
        }

        byte[] body = [];
        if (maxBodyBytes is { } limit)
        {
            if (await call.ReadBodyAsync(limit, cancellationToken) is not { } read)
            {
                return (null, new CallRefusal(413, PeerCodes.TooLarge));
            }

            if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(read), digest))
            {
                return Refuse(PeerCodes.DigestMismatch);
            }

            body = read;
        }

        return await IsFirstUseAsync(db, connection.LinkId, signed.Input, cancellationToken)
            ? (new VerifiedCall(connection.Id, key, signed.Input.Nonce!, digest, body), null)
            : Refuse(PeerCodes.Replayed);
    }

    private PeerKey? KeyOf(Guid link, string secret)
    {
        try
        {
            return PeerKey.Of(link, secrets.Unprotect(secret));
        }
        catch (SecretUnreadableException e)
        {
            // A database that was moved without its keys. Nothing can be signed, so the answer is bare.
            PeersLog.SecretUnreadable(log, PeerKey.IdOf(link), e.Message);
            return null;
        }
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
