using Exalate.Core;

namespace Exalate.Console.Shared;

/// <summary>
/// The one way in which a button acts: disable, send, then show what came of it. One at a time, so that a double click acts once;
/// cancelled when the component that owns it goes away.
/// </summary>
/// <param name="changed">Renders the owner again.</param>
/// <param name="logger">Where a bug leaves its trace; people read a sentence instead.</param>
public sealed class ActionState(Action changed, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource gone = new();

    public bool IsBusy { get; private set; }

    /// <summary>What the last action failed with; stays until the next one starts.</summary>
    public Error? Error { get; private set; }

    /// <summary>Ignored while another action is under way.</summary>
    /// <param name="action">Answers the error to show, or null.</param>
    public async Task RunAsync(Func<CancellationToken, Task<Error?>> action)
    {
        if (IsBusy || gone.IsCancellationRequested)
            return;
        IsBusy = true;
        Error = null;
        changed();
        Error = await Guarded.RunAsync(action, logger, gone.Token);
        IsBusy = false;
        if (!gone.IsCancellationRequested)
            changed();
    }

    public void Clear() => Error = null;

    public void Dispose()
    {
        gone.Cancel();
        gone.Dispose();
    }
}
