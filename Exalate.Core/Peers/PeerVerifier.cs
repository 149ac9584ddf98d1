using System.Data.Common;
using System.Security.Cryptography;
using Exalate.Core.Connections;
using Exalate.Core.Connections.Life;
using Exalate.Core.Peers.Signing;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Peers;

/// <summary>A call whose signature was checked.</summary>
/// <param name="IsActive">False: the connection is deactivated on this side.</param>
/// <param name="Digest">SHA-256 that the body must have; where the body was read it has it.</param>
/// <param name="Body">Empty when the caller reads it.</param>
internal sealed record VerifiedCall(Guid ConnectionId, bool IsActive, PeerKey Key, KeyUse Use, string Nonce, byte[] Digest, byte[] Body);

/// <summary>Why a signed call is refused. Nothing but the code leaves the node.</summary>
internal sealed record CallRefusal(int Status, string Code)
{
    /// <summary>With what is left of a deleted connection: the caller shall know for sure that it is gone.</summary>
    public PeerKey? Farewell { get; init; }
}

/// <summary>What a signed call wants.</summary>
internal enum CallPurpose
{
    /// <summary>Only on an active connection.</summary>
    Sync,

    /// <summary>Also on a deactivated one, which gives out notices alone.</summary>
    Mail,

    /// <summary>Also on a deactivated one, and with the key that is left of a deleted one.</summary>
    Notice,
}

/// <summary>Checks signed calls: who, to whom, when, what, and not twice. A body is read only after the signature was found good.</summary>
internal sealed class PeerVerifier(
    IDbContextFactory<ExalateDbContext> databases, ISecretProtector secrets, SecretRotation rotation, TimeProvider time, ILogger<PeerVerifier> log)
{
    /// <summary>The connection of a link, with this node's own id: both ends of one are on the same node in a test alone.</summary>
    private static readonly Func<ExalateDbContext, Guid, CancellationToken, Task<Called?>> FindAsync = EF.CompileAsyncQuery((ExalateDbContext db, Guid link, CancellationToken _) => db.Connections
        .AsNoTracking().Where(c => c.LinkId == link && c.Type != ConnectionType.Local).OrderBy(c => c.IsInviter)
        .Select(c => new Called(c, db.Settings.Select(own => own.NodeUid).Single())).FirstOrDefault());

    /// <param name="linkId">The connection in the path: the key of another one does not open it.</param>
    /// <param name="maxBodyBytes">Null: the body is a file, which the caller reads and compares with the digest.</param>
    public async Task<(VerifiedCall? Call, CallRefusal? Refusal)> VerifyAsync(PeerCall call, string linkId, CallPurpose purpose, int? maxBodyBytes, CancellationToken cancellationToken)
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
        if (await FindAsync(db, link, cancellationToken) is not var (connection, ownUid))
        {
            return (null, new CallRefusal(401, PeerCodes.UnknownConnection) { Farewell = await db.KeyOfDeletedAsync(link, secrets, cancellationToken) });
        }

        if (connection.ProtectedSecret is null)
        {
            return Refuse(PeerCodes.ConnectionInactive);
        }

        if (SignerOf(connection, call, signed) is not { } signer)
        {
            return (null, new CallRefusal(503, PeerCodes.SecretUnreadable));
        }

        if (signer.Key is null || signer.Use == KeyUse.Farewell && purpose != CallPurpose.Notice)
        {
            return Refuse(PeerCodes.SignatureInvalid);
        }

        // From here on the caller is the partner; what follows protects against what others made of its requests, and against mistakes.
        var code = call.Headers[PeerSignature.RecipientHeader] != ownUid ? PeerCodes.WrongRecipient
            : !IsWithinWindow(signed.Input.Created!.Value) ? PeerCodes.ClockWindow
            : connection.Status != ConnectionStatus.Active && purpose == CallPurpose.Sync ? PeerCodes.ConnectionInactive
            : null;
        return code is null ? await TakeAsync(db, call, connection, (signer.Use, signer.Key), signed, maxBodyBytes, cancellationToken) : Refuse(code);
    }

    private async Task<(VerifiedCall? Call, CallRefusal? Refusal)> TakeAsync(
        ExalateDbContext db, PeerCall call, Connection connection, (KeyUse Use, PeerKey Key) signer, SignedMessage signed, int? maxBodyBytes, CancellationToken cancellationToken)
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

        if (!await IsFirstUseAsync(db, connection.LinkId, signed.Input, cancellationToken))
        {
            return Refuse(PeerCodes.Replayed);
        }

        await rotation.SawAsync(connection, signer.Use, cancellationToken);
        return (new VerifiedCall(connection.Id, connection.Status == ConnectionStatus.Active, signer.Key, signer.Use, signed.Input.Nonce!, digest, body), null);
    }

    /// <summary>Null: no key can be read. No key: none of them made the signature.</summary>
    private (KeyUse Use, PeerKey? Key)? SignerOf(Connection connection, PeerCall call, SignedMessage signed)
    {
        try
        {
            foreach (var (use, key) in rotation.KeysOf(connection))
            {
                if (PeerSignature.VerifyRequest(signed, call.Method, call.PathAndQuery, call.Headers, key.Secret))
                {
                    return (use, key);
                }
            }

            return (KeyUse.Current, null);
        }
        catch (SecretUnreadableException e)
        {
            // A database that was moved without its keys. Nothing can be signed, so the answer is bare.
            PeersLog.SecretUnreadable(log, PeerKey.IdOf(connection.LinkId), e.Message);
            return null;
        }
    }

    private bool IsWithinWindow(long created) =>
        Math.Abs((decimal)time.GetUtcNow().ToUnixTimeSeconds() - created) <= (decimal)PeerSignature.Window.TotalSeconds;

    private static async Task<bool> IsFirstUseAsync(ExalateDbContext db, Guid linkId, SignatureInput input, CancellationToken cancellationToken)
    {
        // A second more than the window: the clock is read in whole seconds.
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(input.Created!.Value) + PeerSignature.Window + TimeSpan.FromSeconds(1);
        try
        {
            // What the call brings is waited for, and takes the nonce along.
            return await db.InPassing().Database.ExecuteSqlInterpolatedAsync(
                $"""
                INSERT INTO PeerNonces (LinkId, Nonce, ExpiresAt) SELECT {linkId}, {input.Nonce}, {expiresAt.UtcTicks}
                WHERE NOT EXISTS (SELECT 1 FROM PeerNonces WHERE LinkId = {linkId} AND Nonce = {input.Nonce})
                """,
                cancellationToken) == 1;
        }
        catch (DbException exception) when (exception.IsDuplicate())
        {
            // Two at once, on a server that lets both look first.
            return false;
        }
    }

    private sealed record Called(Connection Connection, string OwnUid);

    private static (VerifiedCall? Call, CallRefusal? Refusal) Refuse(string code) => (null, new CallRefusal(401, code));
}
