using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Rebuild;

/// <summary>
/// What goes along with every entity that is shared, and comes back should this node have lost its memory: a partner can't make one itself, so it can bring
/// under sync again only what was under sync with it before. Its key is in the database, and in every back-up of it, and leaves the node never.
/// </summary>
internal sealed class Vouchers(ISecretProtector secrets, IRandomSource random)
{
    private byte[]? key;

    /// <summary>Null for an entity that does not exist yet.</summary>
    public async Task<string?> MakeAsync(ExalateDbContext db, Connection connection, string? localEntityId, CancellationToken cancellationToken)
    {
        if (localEntityId is null || connection.Type == ConnectionType.Local)
            return null;
        key ??= await KeyAsync(db, cancellationToken);
        return Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{connection.LinkId:D}\n{localEntityId}")));
    }

    public async Task<bool> IsOursAsync(ExalateDbContext db, Connection connection, string localEntityId, string? voucher, CancellationToken cancellationToken) =>
        voucher is not null && await MakeAsync(db, connection, localEntityId, cancellationToken) is { } own
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(own), Encoding.UTF8.GetBytes(voucher));

    private async Task<byte[]> KeyAsync(ExalateDbContext db, CancellationToken cancellationToken)
    {
        var stored = await StoredAsync(db, cancellationToken);
        if (stored is not null && TryReveal(stored) is { } known)
            return known;
        // Of several processes one is first. A key that can't be read any more is replaced: what it vouched for is not known again.
        var made = secrets.Protect(Tokens.NewSecret(random));
        if (stored is null)
            await db.Database.ExecuteSqlInterpolatedAsync($"UPDATE Settings SET ProtectedVoucherKey = {made} WHERE ProtectedVoucherKey IS NULL", cancellationToken);
        else
            await db.Database.ExecuteSqlInterpolatedAsync($"UPDATE Settings SET ProtectedVoucherKey = {made} WHERE ProtectedVoucherKey = {stored}", cancellationToken);
        return Encoding.UTF8.GetBytes(secrets.Unprotect((await StoredAsync(db, cancellationToken))!));
    }

    private byte[]? TryReveal(string stored)
    {
        try
        {
            return Encoding.UTF8.GetBytes(secrets.Unprotect(stored));
        }
        catch (SecretUnreadableException)
        {
            return null;
        }
    }

    private static Task<string?> StoredAsync(ExalateDbContext db, CancellationToken cancellationToken) => db.Settings.Select(settings => settings.ProtectedVoucherKey).SingleAsync(cancellationToken);
}
