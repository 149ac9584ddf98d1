using System.Threading.Channels;
using Exalate.Core;

namespace Exalate.Console.Shared;

/// <summary>
/// Keeps one component current: the first bell reloads at once, a burst of them reloads again once it paused, and without any bell it
/// looks now and then, because a lost bell must not leave a browser behind.
/// </summary>
public sealed class LiveUpdates : IDisposable
{
    /// <summary>At most one reload in this time, whatever rings.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static readonly TimeSpan WithoutBell = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource gone = new();
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly IDisposable subscription;
    private readonly TimeProvider time;
    private readonly Func<Task> reload;

    /// <param name="changes">What rings.</param>
    /// <param name="time">Measures the pauses.</param>
    /// <param name="reload">Runs on the component's own thread of work and shows its own errors.</param>
    /// <param name="kinds">The changes that matter to the component.</param>
    public LiveUpdates(INodeChanges changes, TimeProvider time, Func<Task> reload, params NodeChange[] kinds)
    {
        this.time = time;
        this.reload = reload;
        subscription = changes.Subscribe(change =>
        {
            if (kinds.Contains(change))
                bell.Writer.TryWrite(true);
        });
        Listening = ListenAsync(gone.Token);
    }

    /// <summary>Ends when this is disposed; never fails.</summary>
    public Task Listening { get; }

    public void Dispose()
    {
        if (gone.IsCancellationRequested)
            return;
        subscription.Dispose();
        gone.Cancel();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await BellOrTimeAsync(cancellationToken);
                await reload();
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The component is gone; nobody is left to keep current.
        }
        catch (ObjectDisposedException)
        {
            // The circuit went away between the bell and the reload.
        }
    }

    private async Task BellOrTimeAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var rung = bell.Reader.WaitToReadAsync(either.Token).AsTask();
        await Task.WhenAny(rung, Task.Delay(WithoutBell, time, either.Token));
        await either.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        bell.Reader.TryRead(out _);
    }
}
