using System.Collections.Concurrent;
using System.Text.Json;
using Exalate.Core.Connections;
using Exalate.Core.Replicas;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Peers.Mail;

/// <summary>Where messages wait for partners that can't be called. A row is durable before the sender goes on, and stays until the partner has it.</summary>
internal sealed class MailRoom(IDbContextFactory<ExalateDbContext> databases, ISyncInbox inbox, WantedRecalls recalls, TimeProvider time, IOptions<PeerOptions> options)
{
    public const int MaxWaitSeconds = 25;
    public const int MaxReceipts = 200;

    /// <summary>A partner asks with one call at a time; one that broke off may still be waited for.</summary>
    public const int MaxAskers = 4;
    private const int MaxMails = 100;
    private const int MaxBytes = 4 * 1024 * 1024;
    private const int LeastMaxBytes = 64 * 1024;
    private const int Tries = 5;

    /// <summary>Another process on this database may have put something here: its bell is not ours.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan NoteAsked = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Guid, Box> boxes = new();

    /// <summary>Returns when the message is durable here. A message of the same kind and key that was not fetched yet gives way, but no result to the word that it is delayed.</summary>
    public async Task PutAsync<T>(Guid connectionId, string kind, string key, T message, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(message, ReplicaJson.Options);
        if (System.Text.Encoding.UTF8.GetByteCount(body) > options.Value.MaxMessageBytes)
            throw PeerFailures.MessageTooLarge(body.Length, options.Value.MaxMessageBytes);
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var known = await db.Set<PeerMail>().SingleOrDefaultAsync(mail => mail.ConnectionId == connectionId && mail.Kind == kind && mail.Key == key, cancellationToken);
            // A worker that was overtaken may say late that there is a delay, when its colleague's result waits here already.
            if (known?.Body == body || (known is not null && message is SyncResultMessage { Outcome: SyncOutcome.Delayed } && !IsDelay(known.Body)))
                return;
            if (known is not null)
                db.Remove(known);
            db.Add(new PeerMail { ConnectionId = connectionId, Kind = kind, Key = key, Body = body, CreatedAt = time.GetUtcNow() });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                break;
            }
            catch (DbUpdateException exception) when (attempt < Tries && (exception is DbUpdateConcurrencyException || exception.IsDuplicate()))
            {
                // Fetched, or put by another worker, at this very moment: look again.
            }
        }

        Of(connectionId).Bell.Ring();
    }

    private static bool IsDelay(string body) => ReplicaJson.Read<SyncResultMessage>(body).Outcome == SyncOutcome.Delayed;

    /// <summary>Takes back what was not fetched yet.</summary>
    public async Task RemoveAsync(Guid connectionId, string kind, string key, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM PeerMail WHERE ConnectionId = {connectionId} AND Kind = {kind} AND \"Key\" = {key}", cancellationToken);
    }

    /// <summary>What the partner said about earlier mail is stored, then the next mail is given out, waited for if need be. Null: it asks too often at once.</summary>
    /// <param name="stopping">Ends the waiting: the node stops.</param>
    public async Task<MailGiven?> GiveAsync(Guid connectionId, AskForMail ask, CancellationToken stopping, CancellationToken cancellationToken)
    {
        var box = Of(connectionId);
        if (Interlocked.Increment(ref box.Askers) > MaxAskers)
        {
            Interlocked.Decrement(ref box.Askers);
            return null;
        }

        try
        {
            await ForgetAsync(connectionId, ask.Receipts, cancellationToken);
            return await WaitAsync(connectionId, box, ask, stopping, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref box.Askers);
        }
    }

    private async Task<MailGiven> WaitAsync(Guid connectionId, Box box, AskForMail ask, CancellationToken stopping, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var patience = TimeSpan.FromSeconds(Math.Clamp(ask.WaitSeconds, 0, MaxWaitSeconds));
        while (true)
        {
            var next = box.Bell.Next;
            var mail = await NextAsync(connectionId, ask, cancellationToken);
            var left = patience - time.GetElapsedTime(began);
            if (mail.Count > 0 || left <= TimeSpan.Zero || stopping.IsCancellationRequested)
                return new MailGiven(mail);
            await box.Bell.WaitAsync(next, left < LookAgain ? left : LookAgain, cancellationToken);
        }
    }

    private async Task ForgetAsync(Guid connectionId, IReadOnlyList<MailReceipt> receipts, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var noted = (now - NoteAsked).UtcTicks;
        var silent = now - MailWord.Silence;
        // A partner that was away is back: whatever pause its silence had earned is over.
        if (await db.Connections.AnyAsync(row => row.Id == connectionId && row.MailAskedAt < silent, cancellationToken))
            await db.PartnerIsWellAsync(connectionId, cancellationToken);
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Connections SET MailAskedAt = {now.UtcTicks} WHERE Id = {connectionId} AND (MailAskedAt IS NULL OR MailAskedAt < {noted})", cancellationToken);
        var ids = receipts.Select(receipt => receipt.Id).ToList();
        var mails = await db.Set<PeerMail>().Where(mail => mail.ConnectionId == connectionId && ids.Contains(mail.Id))
            .Select(mail => new { mail.Id, mail.Kind, mail.Key }).ToListAsync(cancellationToken);
        foreach (var mail in mails)
        {
            if (receipts.First(receipt => receipt.Id == mail.Id).Refused is { } sentence)
            {
                recalls.Refuse(connectionId, mail.Key, sentence);
                await inbox.RefusedAsync(connectionId, mail.Kind == MailKinds.Result, mail.Key, sentence, cancellationToken);
            }

            await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM PeerMail WHERE Id = {mail.Id}", cancellationToken);
        }
    }

    /// <summary>As many as fit; one that is longer than the partner takes is refused in its name, so that it does not hold up the others.</summary>
    private async Task<IReadOnlyList<MailItem>> NextAsync(Guid connectionId, AskForMail ask, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var waiting = await db.Set<PeerMail>().AsNoTracking()
            .Where(mail => mail.ConnectionId == connectionId && (!ask.NoticesOnly || (mail.Kind != MailKinds.Request && mail.Kind != MailKinds.Result && mail.Kind != MailKinds.File && mail.Kind != MailKinds.Recall)))
            .OrderBy(mail => mail.Id).Take(MaxMails).Select(mail => new { mail.Id, mail.Body.Length }).ToListAsync(cancellationToken);
        var given = new List<MailItem>();
        var total = 0;
        foreach (var (id, length) in waiting.Select(mail => (mail.Id, mail.Length)))
        {
            if (given.Count > 0 && total + length > MaxBytes)
                break;
            var mail = await db.Set<PeerMail>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
            if (mail is null)
                continue;
            var bytes = System.Text.Encoding.UTF8.GetByteCount(mail.Body);
            if (bytes > Math.Max(LeastMaxBytes, ask.MaxBytes))
            {
                var sentence = $"The message has {bytes / 1024:N0} KB, more than the partner's node takes. Shorten the description or the comments.";
                await inbox.RefusedAsync(connectionId, mail.Kind == MailKinds.Result, mail.Key, sentence, cancellationToken);
                await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM PeerMail WHERE Id = {id}", cancellationToken);
                continue;
            }

            total += bytes;
            using var document = JsonDocument.Parse(mail.Body);
            given.Add(new MailItem(id, mail.Kind, document.RootElement.Clone()));
        }

        return given;
    }

    private Box Of(Guid connectionId) => boxes.GetOrAdd(connectionId, _ => new Box(new Bell(time)));

    private sealed class Box(Bell bell)
    {
        public Bell Bell { get; } = bell;

        public int Askers;
    }
}
