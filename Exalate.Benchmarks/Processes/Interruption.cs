namespace Exalate.Benchmarks.Processes;

/// <summary>Runs that have started other programs: Ctrl-C or a stop signal ends those too, and says so.</summary>
internal static class Interruption
{
    /// <summary>Longer than the programs that were started may take to stop.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>As shells report a run that was interrupted.</summary>
    private const int ExitCode = 130;

    /// <returns>The run's exit code, or 130.</returns>
    public static async Task<int> GuardAsync<T>(Func<Task<T>> startAsync, Func<T, Task<int>> runAsync, CancellationToken stop)
        where T : IAsyncDisposable
    {
        // Once begun, a start is seen to its end: only then is it known what has to be stopped.
        await using var run = await startAsync();
        var running = stop.IsCancellationRequested ? Task.FromResult(0) : runAsync(run);
        await Task.WhenAny(running, UntilAsync(stop));
        if (!stop.IsCancellationRequested)
            return await running;
        System.Console.WriteLine("Interrupted: nothing was measured to its end. The nodes and the sandbox are being stopped.");
        // It fails as soon as its programs are gone, and that is no news.
        _ = running.ContinueWith(task => task.Exception, TaskScheduler.Default);
        return ExitCode;
    }

    private static async Task UntilAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(() => stopped.TrySetResult());
        await stopped.Task;
    }
}
