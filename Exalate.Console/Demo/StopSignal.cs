using System.Runtime.InteropServices;

namespace Exalate.Console.Demo;

/// <summary>Ctrl-C and the stop signals, once for all hosts of the process. A second Ctrl-C ends the process at once, as people expect.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] registrations;

    public StopSignal() =>
        registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];

    public CancellationToken Token => source.Token;

    /// <summary>Completes when someone asks to stop.</summary>
    public Task Task => stopped.Task;

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        if (!stopped.TrySetResult())
            return;
        context.Cancel = true;
        source.Cancel();
    }
}
