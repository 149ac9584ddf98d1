using System.Collections.Concurrent;
using System.Globalization;
using Exalate.Core.Peers;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Connections.Life;

/// <summary>
/// Shows each partner the number that it last took, and gives it the next: at the start of a process, and every quarter of an hour. Of two copies of one database the second to ask shows a number that is
/// over, is told so, and holds the connection: also where nobody ever calls it. Several processes on one database share their numbers, which are stored before they go out.
/// </summary>
internal sealed class Pulses(IDbContextFactory<ExalateDbContext> databases, IPeerClient peers, INodeChanges changes, TimeProvider time, ILogger<Pulses> log)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan AfterAFailure = TimeSpan.FromMinutes(1);
    private const int AtOnce = 8;

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> asked = new();

    public async Task SendDueAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var all = await db.Connections.AsNoTracking()
            .Where(c => c.Status == ConnectionStatus.Active && c.Reach != Reach.OnlyTheyCall && c.Type != ConnectionType.Local && c.RemoteUrl != null && c.ProtectedSecret != null
                && (c.HeldKind == null || c.HeldKind != HoldKind.OldCopy))
            .ToListAsync(cancellationToken);
        var due = all.Where(c => asked.GetValueOrDefault(c.Id) <= now).OrderBy(c => asked.GetValueOrDefault(c.Id)).Take(AtOnce);
        await Task.WhenAll(due.Select(connection => SendAsync(connection, cancellationToken)));
    }

    private async Task SendAsync(Connection connection, CancellationToken cancellationToken)
    {
        var message = await NextAsync(connection.Id, cancellationToken);
        try
        {
            if (message is not null && await peers.PulseAsync(connection, message, cancellationToken) is { } taken)
            {
                await AnsweredAsync(connection, message, taken, cancellationToken);
            }

            asked[connection.Id] = time.GetUtcNow() + Interval;
        }
        catch (PeerException)
        {
            // Said in the connection's row by whoever has something to send; here it is only asked again.
            asked[connection.Id] = time.GetUtcNow() + AfterAFailure;
        }
    }

    /// <summary>Stored before it goes out: a lost answer repeats the same number.</summary>
    private async Task<PulseMessage?> NextAsync(Guid connectionId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var next = time.GetUtcNow().UtcTicks;
        var was = await db.Connections.Where(c => c.Id == connectionId).Select(c => c.Pulse).SingleOrDefaultAsync(cancellationToken);
        if (was is not null)
        {
            next = Math.Max(next, long.Parse(was, CultureInfo.InvariantCulture) + 1);
        }

        var text = next.ToString($"D{PulseDesk.Digits}", CultureInfo.InvariantCulture);
        await db.Database.ExecuteSqlInterpolatedAsync($"UPDATE Connections SET NextPulse = {text} WHERE Id = {connectionId} AND NextPulse IS NULL", cancellationToken);
        var epoch = await db.Settings.Select(settings => settings.Epoch).SingleAsync(cancellationToken);
        var row = await db.Connections.AsNoTracking().SingleOrDefaultAsync(c => c.Id == connectionId, cancellationToken);
        return row?.NextPulse is null ? null : new PulseMessage(epoch, row.Pulse, row.NextPulse);
    }

    private async Task AnsweredAsync(Connection connection, PulseMessage message, PulseTaken taken, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow().UtcTicks;
        if (taken.IsKnown)
        {
            await db.Database.ExecuteSqlInterpolatedAsync(
                $"UPDATE Connections SET Pulse = {message.Next}, NextPulse = NULL, PulseAt = {now} WHERE Id = {connection.Id} AND NextPulse = {message.Next}", cancellationToken);
            return;
        }

        var kind = nameof(HoldKind.OldCopy);
        var sentence = $"{connection.RemoteShortName} has heard from another copy of this node since it last heard from this one. Either this node's database was restored from an old back-up, or a second copy of the node runs somewhere. Nothing is sent or taken on this connection any more.";
        // Unless another process on this very database has moved on meanwhile.
        if (await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Connections SET HeldSince = {now}, HeldKind = {kind}, HeldSentence = {sentence}, NextPulse = NULL WHERE Id = {connection.Id} AND NextPulse = {message.Next} AND (HeldKind IS NULL OR HeldKind <> {kind})",
            cancellationToken) == 1)
        {
            LifeLog.IsAnotherCopy(log, connection.Name, connection.RemoteShortName);
            changes.Ring(NodeChange.Connections);
        }
    }
}
