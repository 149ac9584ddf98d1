using System.Security.Cryptography;
using System.Text;
using Exalate.Core.Connections;
using Exalate.Core.Trackers;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Peers.Mail;

/// <summary>The way to a connection's partner: a call where it can be called, mail that it fetches where it can't, and no way at all between two projects of this node.</summary>
internal sealed class PeerRoutes(PeerClient calls, MailRoom mail, WantedFiles wanted, WantedRecalls recalls, LocalWay local, TimeProvider time, IOptions<PeerOptions> options) : IPeerClient
{
    /// <summary>A partner that is there asks for its mail every half minute.</summary>
    private static readonly TimeSpan RecallWithin = TimeSpan.FromSeconds(45);

    public Task SendRequestAsync(Connection connection, SyncRequestMessage message, CancellationToken cancellationToken) => connection switch
    {
        { Type: ConnectionType.Local } => local.DeliverAsync(connection, (inbox, other) => inbox.StoreRequestAsync(other, message, cancellationToken), cancellationToken),
        { Reach: Reach.OnlyTheyCall } => PutAsync(connection, MailKinds.Request, message.EventId, message, cancellationToken),
        _ => calls.SendRequestAsync(connection, message, cancellationToken),
    };

    public Task SendResultAsync(Connection connection, SyncResultMessage message, CancellationToken cancellationToken) => connection switch
    {
        { Type: ConnectionType.Local } => local.DeliverAsync(connection, (inbox, other) => inbox.StoreResultAsync(other, message, cancellationToken), cancellationToken),
        { Reach: Reach.OnlyTheyCall } => PutAsync(connection, MailKinds.Result, message.EventId, message, cancellationToken),
        _ => calls.SendResultAsync(connection, message, cancellationToken),
    };

    public Task SendNoticeAsync(Connection connection, NoticeMessage message, CancellationToken cancellationToken) => connection.Reach == Reach.OnlyTheyCall
        ? PutAsync(connection, MailKinds.Notice, message.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), message, cancellationToken)
        : calls.SendNoticeAsync(connection, message, cancellationToken);

    public Task<Stream> OpenAttachmentAsync(Connection connection, string entityId, string attachmentId, string eventId, CancellationToken cancellationToken) => connection switch
    {
        { Type: ConnectionType.Local } => local.OpenAttachmentAsync(connection, entityId, attachmentId, cancellationToken),
        { Reach: Reach.OnlyTheyCall } => AskForFileAsync(connection, entityId, attachmentId, eventId, cancellationToken),
        _ => calls.OpenAttachmentAsync(connection, entityId, attachmentId, eventId, cancellationToken),
    };

    public Task<RecallAnswer> RecallAsync(Connection connection, RecallQuestion question, CancellationToken cancellationToken) => connection.Reach == Reach.OnlyTheyCall
        ? AskByMailAsync(connection, question, cancellationToken)
        : calls.RecallAsync(connection, question, cancellationToken);

    public Task<PulseTaken?> PulseAsync(Connection connection, PulseMessage message, CancellationToken cancellationToken) => calls.PulseAsync(connection, message, cancellationToken);

    private async Task<RecallAnswer> AskByMailAsync(Connection connection, RecallQuestion question, CancellationToken cancellationToken)
    {
        ThrowIfNobodyAsks(connection);
        using var place = recalls.Open(connection.Id);
        await mail.PutAsync(connection.Id, MailKinds.Recall, place.Want, new RecallWanted(place.Want, question), cancellationToken);
        try
        {
            return await place.WaitAsync(RecallWithin, time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new PeerException(FailureCategory.Unavailable, $"{connection.RemoteShortName} was asked what it knows of the pairs and has not answered yet.", e);
        }
        catch (MailRefusedException e)
        {
            throw PeerFailures.TooOldToRecall(connection, e);
        }
        finally
        {
            await mail.RemoveAsync(connection.Id, MailKinds.Recall, place.Want, CancellationToken.None);
        }
    }

    /// <summary>For what an answer is waited for: a worker that waits for nobody could serve another connection.</summary>
    private void ThrowIfNobodyAsks(Connection connection)
    {
        PeerClient.ThrowIfNotEstablished(connection);
        if (MailWord.NotAsked(connection, time.GetUtcNow()) is { } silent)
            throw new PeerException(FailureCategory.Unavailable, silent);
    }

    private Task PutAsync<T>(Connection connection, string kind, string key, T message, CancellationToken cancellationToken)
    {
        PeerClient.ThrowIfNotEstablished(connection);
        return mail.PutAsync(connection.Id, kind, key, message, cancellationToken);
    }

    private async Task<Stream> AskForFileAsync(Connection connection, string entityId, string attachmentId, string eventId, CancellationToken cancellationToken)
    {
        ThrowIfNobodyAsks(connection);
        // One place for each file: a question that was not fetched in time gives way to the next.
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{entityId}\n{attachmentId}")));
        using var place = wanted.Open(connection.Id);
        await mail.PutAsync(connection.Id, MailKinds.File, key, new FileWanted(place.Want, entityId, attachmentId, eventId), cancellationToken);
        try
        {
            return (await place.WaitAsync(options.Value.FileBeginsWithin, options.Value.AttachmentTimeout, cancellationToken)).Content;
        }
        catch (PeerException exception) when (exception.Category == FailureCategory.Unavailable && exception.Code is null)
        {
            await mail.RemoveAsync(connection.Id, MailKinds.File, key, cancellationToken);
            throw;
        }
    }
}
