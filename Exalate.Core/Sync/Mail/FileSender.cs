using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Trackers;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Sync.Mail;

/// <summary>Sends the files that a partner asked for, beside the mail loop: a large one must not hold up messages. Only what a replica of the connection offered leaves.</summary>
internal sealed class FileSender(ISyncInbox inbox, PeerClient peers, AttachmentSpool spool, ILogger<FileSender> logger) : IDisposable
{
    private const int AtOnce = 3;
    private const int MaxWaiting = 500;

    private readonly SemaphoreSlim turns = new(AtOnce);
    private readonly CancellationTokenSource stop = new();
    private int waiting;

    /// <summary>Begins to send and returns. Killed on the way, the partner asks again.</summary>
    /// <returns>Null, or why it will not be sent.</returns>
    public string? Start(Connection connection, FileWanted wanted)
    {
        if (wanted is not { Want.Length: >= 16 and <= 100, EntityId.Length: > 0, AttachmentId.Length: > 0 })
            return "The question for a file is not complete.";
        if (Interlocked.Increment(ref waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return "Too many files are wanted at once.";
        }

        _ = SendAsync(connection, wanted, stop.Token);
        return null;
    }

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
        turns.Dispose();
    }

    private async Task SendAsync(Connection connection, FileWanted wanted, CancellationToken cancellationToken)
    {
        try
        {
            await turns.WaitAsync(cancellationToken);
            try
            {
                await TrySendAsync(connection, wanted, cancellationToken);
            }
            finally
            {
                turns.Release();
            }
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested)
        {
            // The node stops; the partner asks again.
            SyncLog.FileNotSent(logger, exception, wanted.AttachmentId, connection.Id);
        }
        catch (Exception exception)
        {
            // The end of this way: nobody waits for it here. The partner asks again after a while.
            SyncLog.FileNotSent(logger, exception, wanted.AttachmentId, connection.Id);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private async Task TrySendAsync(Connection connection, FileWanted wanted, CancellationToken cancellationToken)
    {
        if (await ReadAsync(connection, wanted, cancellationToken) is not { } read)
            return;
        await using (read)
            await peers.SendFileAsync(connection, wanted.Want, read, cancellationToken);
    }

    /// <summary>Null when there is none to send, which the partner has been told then.</summary>
    private async Task<SpooledFile?> ReadAsync(Connection connection, FileWanted wanted, CancellationToken cancellationToken)
    {
        try
        {
            if (await inbox.OpenAttachmentAsync(connection.Id, wanted.EntityId, wanted.AttachmentId, cancellationToken) is not { } file)
                return await WithoutAsync(connection, wanted, PeerCodes.AttachmentUnknown, cancellationToken);
            await using var content = file.Content;
            return await spool.TakeAsync(content, cancellationToken);
        }
        catch (SpoolLimitException)
        {
            return await WithoutAsync(connection, wanted, PeerCodes.AttachmentTooLarge, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is TrackerException or HttpRequestException or IOException)
        {
            SyncLog.FileNotSent(logger, exception, wanted.AttachmentId, connection.Id);
            return await WithoutAsync(connection, wanted, PeerCodes.AttachmentUnavailable, cancellationToken);
        }
    }

    private async Task<SpooledFile?> WithoutAsync(Connection connection, FileWanted wanted, string code, CancellationToken cancellationToken)
    {
        await peers.SendNoFileAsync(connection, wanted.Want, code, cancellationToken);
        return null;
    }
}
