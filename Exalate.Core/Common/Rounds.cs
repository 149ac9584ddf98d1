using Exalate.Core.Storage;

namespace Exalate.Core;

/// <summary>
/// How every background worker goes round: again and again until the node stops, and whatever a round throws does not end it. A database that can't store has its own sentence, once for
/// the whole node; any other failure is logged by the worker's own word for it.
/// </summary>
internal sealed class Rounds(StorageHealth storage, TimeProvider time)
{
    private static readonly TimeSpan AfterAStumble = TimeSpan.FromSeconds(1);

    /// <summary>Repeats until the node stops; fails with nothing. A round does its own waiting for the next one.</summary>
    public async Task RepeatAsync(Func<CancellationToken, Task> roundAsync, Action<Exception> log, CancellationToken stoppingToken)
    {
        // The host's start is not held up by the first look at the database.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            // The breath is not cut short by the stop: it is only a second.
            if (!await TryAsync(roundAsync, log, stoppingToken))
                await Task.Delay(AfterAStumble, time, CancellationToken.None);
        }
    }

    /// <summary>One round. False: it failed, and its failure is noted or logged.</summary>
    public async Task<bool> TryAsync(Func<CancellationToken, Task> roundAsync, Action<Exception> log, CancellationToken stoppingToken)
    {
        try
        {
            await roundAsync(stoppingToken);
            return true;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops; what is open is taken up at its next start.
            return true;
        }
        catch (Exception exception)
        {
            if (!storage.Notice(exception))
                log(exception);
            return false;
        }
    }
}
