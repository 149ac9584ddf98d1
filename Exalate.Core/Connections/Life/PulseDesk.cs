using Exalate.Core.Peers;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections.Life;

/// <summary>Remembers how far each partner's numbers have come: who shows an older one is not the only copy of that partner.</summary>
internal sealed class PulseDesk(IDbContextFactory<ExalateDbContext> databases)
{
    public const int Digits = 19;

    public static bool IsWhole(PulseMessage message) => message.Epoch >= 0 && IsNumber(message.Next) && (message.Was is null || IsNumber(message.Was));

    /// <param name="message">Checked.</param>
    public async Task<PulseTaken> TakeAsync(Guid connectionId, PulseMessage message, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // One statement: of two copies that ask at once, one is first. A number that is lower than the partner's own says that this database is the older one, and is no fault of the partner's.
        var taken = await db.Database.ExecuteSqlInterpolatedAsync(
            $@"UPDATE Connections SET PartnerEpoch = {message.Epoch}, PartnerPulse = {message.Next}
               WHERE Id = {connectionId} AND (PartnerPulse IS NULL OR PartnerEpoch < {message.Epoch}
                   OR (PartnerEpoch = {message.Epoch} AND (PartnerPulse <= {message.Was ?? ""} OR PartnerPulse = {message.Next})))",
            cancellationToken);
        return new PulseTaken(taken == 1);
    }

    private static bool IsNumber(string? text) => text is { Length: Digits } && text.All(char.IsAsciiDigit);
}
