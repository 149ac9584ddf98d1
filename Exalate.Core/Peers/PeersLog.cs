using Microsoft.Extensions.Logging;

namespace Exalate.Core.Peers;

internal static partial class PeersLog
{
    [LoggerMessage(3001, LogLevel.Information, "Peer call {Call} from {RemoteAddress} refused: {Code}")]
    public static partial void IntroductionRefused(ILogger log, string call, string code, string? remoteAddress);

    [LoggerMessage(3002, LogLevel.Warning, "Signed call on link {LinkId} from {RemoteAddress} refused: {Code}")]
    public static partial void SignedCallRefused(ILogger log, string linkId, string code, string? remoteAddress);

    [LoggerMessage(3003, LogLevel.Error, "A chore between nodes failed; it is tried again")]
    public static partial void ChoreFailed(ILogger log, Exception exception);

    [LoggerMessage(3004, LogLevel.Information, "Removed {Count} attachments that an earlier run left in {Folder}")]
    public static partial void SpoolSwept(ILogger log, int count, string folder);

    [LoggerMessage(3005, LogLevel.Error, "The file of attachment {AttachmentId} on link {LinkId} could not be read for the partner")]
    public static partial void AttachmentFailed(ILogger log, string linkId, string attachmentId, Exception exception);

    [LoggerMessage(3006, LogLevel.Error, "The secret of link {LinkId} can't be read, so its partner's calls are answered 503: {Reason}")]
    public static partial void SecretUnreadable(ILogger log, string linkId, string reason);
}
