using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Peers.Mail;

/// <summary>The way between the two halves of a local connection, which both live on this node: straight into the other half's inbox.</summary>
internal sealed class LocalWay(IDbContextFactory<ExalateDbContext> databases, ISyncInbox inbox, AttachmentSpool spool)
{
    /// <exception cref="PeerException">As from a partner's node.</exception>
    public async Task DeliverAsync(Connection connection, Func<ISyncInbox, Guid, Task<InboxAnswer>> store, CancellationToken cancellationToken)
    {
        var answer = await store(inbox, await OtherAsync(connection, cancellationToken));
        if (answer.Outcome == InboxOutcome.Refused)
        {
            throw new PeerException(FailureCategory.Rejected, $"The other project's side refused the message. It said: {answer.Sentence}") { Code = PeerCodes.MessageRefused };
        }
    }

    /// <summary>The file, spooled like one from afar: the tracker's download is over before the upload begins.</summary>
    public async Task<Stream> OpenAttachmentAsync(Connection connection, string entityId, string attachmentId, CancellationToken cancellationToken)
    {
        var other = await OtherAsync(connection, cancellationToken);
        try
        {
            if (await inbox.OpenAttachmentAsync(other, entityId, attachmentId, cancellationToken) is not { } file)
            {
                throw new PeerException(FailureCategory.Rejected, "The attachment is gone.") { Code = PeerCodes.AttachmentUnknown, AttachmentGone = true };
            }

            await using var content = file.Content;
            return (await spool.TakeAsync(content, cancellationToken)).Content;
        }
        catch (SpoolLimitException e)
        {
            throw PeerClient.TooLarge(e);
        }
        catch (SpoolFullException e)
        {
            throw PeerClient.NoRoom(e);
        }
    }

    private async Task<Guid> OtherAsync(Connection connection, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var other = await db.OtherHalfAsync(connection, cancellationToken)
            ?? throw new PeerException(FailureCategory.Rejected, $"The other half of the local connection '{connection.Name}' was deleted.") { ConnectionGone = true };
        return other.Status == ConnectionStatus.Active
            ? other.Id
            : throw new PeerException(FailureCategory.Unavailable, $"The local connection '{connection.Name}' is not active. What is kept goes on when it is activated.") { ConnectionInactive = true };
    }
}
