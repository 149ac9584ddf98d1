using System.Text.Json;
using Exalate.Core.Connections.Life;
using Exalate.Core.Peers;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Replicas;
using Exalate.Core.Trackers;
using Microsoft.Data.Sqlite;

namespace Exalate.Benchmarks.Simulation;

/// <summary>The mail loop of a side that can't be called: asks its partner, stores what came, and says so with the next question. What it has not said yet dies with the process.</summary>
internal sealed class MailCarrier(Node asker, Node keeper, Guid atAsker, Guid atKeeper, ICallGate gate, World world)
{
    private const int MaxBytes = 20_000_000;

    private readonly List<MailReceipt> receipts = [];
    private readonly Dictionary<string, OutgoingAttachment?> uploads = [];

    /// <summary>Something waits to be fetched, or to be acknowledged.</summary>
    public bool HasNews => receipts.Count > 0 || Waiting() > 0;

    /// <summary>The private side's process is gone, and what it had not said yet.</summary>
    public void Forget(Node restored)
    {
        if (restored == asker)
            receipts.Clear();
    }

    /// <summary>One question. True: mail came, or receipts were left.</summary>
    public bool Ask()
    {
        var did = false;
        if (asker.Wire.IsCut)
            return false;
        if (!asker.Call(async () => did = await AskAsync()))
            receipts.Clear();
        return did;
    }

    /// <summary>The file that the private side sent; null inside: it has none any more.</summary>
    public bool TryTake(string want, out OutgoingAttachment? file) => uploads.Remove(want, out file);

    private async Task<bool> AskAsync()
    {
        gate.Enter("ask", null);
        var fault = gate.NextFault("ask");
        if (fault is Fault.Refused or Fault.LostBefore)
            return false;
        MailGiven? given = null;
        var ask = new AskForMail([.. receipts], 0, MaxBytes, !asker.IsActive(atAsker) || !keeper.IsActive(atKeeper));
        if (!keeper.Call(async () => given = await keeper.MailRoom.GiveAsync(atKeeper, ask, default, default)) || given is null || fault == Fault.LostAfter)
            return false;
        gate.Leave("ask", null);
        receipts.Clear();
        foreach (var mail in given.Mail)
        {
            world.Tell($"  {asker.Name} fetches a {mail.Kind} from {keeper.Name}");
            var (isTaken, refusal) = await TakeAsync(mail);
            // Not now: it comes again with the next question.
            if (isTaken)
                receipts.Add(new MailReceipt(mail.Id, refusal));
        }

        return given.Mail.Count > 0 || ask.Receipts.Count > 0;
    }

    private async Task<(bool IsTaken, string? Refusal)> TakeAsync(MailItem mail)
    {
        if (mail.Kind == MailKinds.File)
        {
            await SendAsync(Read<FileWanted>(mail));
            return (true, null);
        }

        var answer = mail.Kind switch
        {
            MailKinds.Request => await asker.Inbox.StoreRequestAsync(atAsker, Read<SyncRequestMessage>(mail), default),
            MailKinds.Result => await asker.Inbox.StoreResultAsync(atAsker, Read<SyncResultMessage>(mail), default),
            _ => (await asker.Notices.TakeAsync(atAsker, KeyUse.Current, Read<NoticeMessage>(mail), null, default)).Answer,
        };
        return (answer.Outcome != InboxOutcome.NotNow, answer.Outcome == InboxOutcome.Refused ? answer.Sentence : null);
    }

    private async Task SendAsync(FileWanted wanted)
    {
        try
        {
            uploads[wanted.Want] = await asker.Inbox.OpenAttachmentAsync(atAsker, wanted.EntityId, wanted.AttachmentId, default);
        }
        catch (TrackerException)
        {
            // Its tracker does not give the file at the moment; the partner asks again.
        }
    }

    private long Waiting()
    {
        using var command = keeper.Sql.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM PeerMail WHERE ConnectionId = @c" + (asker.IsActive(atAsker) && keeper.IsActive(atKeeper) ? "" : " AND Kind = 'notice'");
        command.Parameters.Add(new SqliteParameter("@c", atKeeper));
        return (long)command.ExecuteScalar()!;
    }

    private static T Read<T>(MailItem mail) => mail.Body.Deserialize<T>(ReplicaJson.Options)!;
}
