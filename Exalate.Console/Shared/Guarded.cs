using Exalate.Core;

namespace Exalate.Console.Shared;

/// <summary>Where exceptions of a circuit end: in the log, and as a sentence on the page. Expected failures come as <see cref="Error"/>s and pass through.</summary>
internal static partial class Guarded
{
    private static readonly Error Bug = new Unavailable(
        "Something went wrong inside this node; nothing you entered is lost. The node's log says what it was. Try again, and report it if it stays.");

    /// <returns>Null: it worked, or the page went away meanwhile.</returns>
    public static async Task<Error?> RunAsync(Func<CancellationToken, Task<Error?>> action, ILogger logger, CancellationToken gone)
    {
        try
        {
            return await action(gone);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            PageFailed(logger, exception);
            return Bug;
        }
    }

    [LoggerMessage(EventId = 7001, Level = LogLevel.Error, Message = "A page of the console met something unexpected.")]
    private static partial void PageFailed(ILogger logger, Exception exception);
}
