using Microsoft.Extensions.Logging;

namespace Exalate.Core.Trackers.Calls;

internal static partial class TrackerLog
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "{Instance}: attempt {Attempt} failed, trying again in {Delay}. {Reason}")]
    public static partial void TryingAgain(this ILogger log, string instance, int attempt, TimeSpan delay, string reason);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "{Instance}: too many calls failed; it is left alone for {Break}.")]
    public static partial void LeftAlone(this ILogger log, string instance, TimeSpan @break);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Warning, Message = "{Instance}: all calls rest for {Rest}, as the tracker asked.")]
    public static partial void Resting(this ILogger log, string instance, TimeSpan rest);

    [LoggerMessage(EventId = 4005, Level = LogLevel.Warning, Message = "{Instance}: passed over. {Reason}")]
    public static partial void PassedOver(this ILogger log, string instance, string reason);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Warning, Message = "{Instance}: the vendor announces: {Notice}")]
    public static partial void VendorNotice(this ILogger log, string instance, string notice);
}
