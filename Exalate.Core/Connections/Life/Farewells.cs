using System.Buffers.Text;
using System.Security.Cryptography;
using Exalate.Core.Peers.Signing;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections.Life;

/// <summary>The key that is left of a deleted connection. Both sides can make it from the secret; nobody can make the secret from it.</summary>
internal static class Farewells
{
    private static readonly byte[] Purpose = "exalate-peer-v1-farewell"u8.ToArray();

    public static PeerKey KeyOf(PeerKey key) => new(key.Id, HMACSHA256.HashData(key.Secret, Purpose));

    /// <param name="secret">The connection's secret, base64url.</param>
    public static string KeyOf(string secret) => Base64Url.EncodeToString(HMACSHA256.HashData(Base64Url.DecodeFromChars(secret), Purpose));

    /// <summary>What the peer client needs to carry a farewell: nothing else of the connection exists any more.</summary>
    public static Connection Ghost(Farewell farewell) => new()
    {
        Id = farewell.Id,
        LinkId = farewell.LinkId,
        Name = farewell.ConnectionName,
        Type = ConnectionType.Public,
        Mode = ConnectionMode.Basic,
        Status = ConnectionStatus.Deactivated,
        IsInviter = false,
        LocalShortName = "",
        RemoteShortName = "",
        RemoteUrl = farewell.RemoteUrl,
        RemoteNodeUid = farewell.RemoteNodeUid,
        ProtectedSecret = farewell.ProtectedKey,
        CreatedAt = farewell.DeletedAt,
    };

    /// <summary>Null when no connection with that link was deleted here lately.</summary>
    public static async Task<PeerKey?> KeyOfDeletedAsync(this ExalateDbContext db, Guid linkId, ISecretProtector secrets, CancellationToken cancellationToken)
    {
        var left = await db.Set<Farewell>().AsNoTracking().Where(f => f.LinkId == linkId).Select(f => f.ProtectedKey).FirstOrDefaultAsync(cancellationToken);
        return left is null ? null : PeerKey.Of(linkId, secrets.Unprotect(left));
    }
}
