using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Exalate.Core.Connections;
using Exalate.Core.Trackers;

namespace Exalate.Core.Peers.Mail;

/// <summary>Files that this node has asked a private partner for and that are waited for right now. An upload that nobody waits for is refused.</summary>
internal sealed class WantedFiles(IRandomSource random, TimeProvider time)
{
    private readonly ConcurrentDictionary<(Guid ConnectionId, string Want), WantedFile> open = new();

    /// <summary>Opens the door for one upload, until the result is disposed.</summary>
    public WantedFile Open(Guid connectionId)
    {
        var want = Tokens.NewHandle(random);
        var file = new WantedFile(want, time, () => open.TryRemove((connectionId, want), out _));
        open[(connectionId, want)] = file;
        return file;
    }

    /// <summary>The waiting place that the upload is for, to be filled by this caller alone.</summary>
    public bool TryClaim(Guid connectionId, string want, [NotNullWhen(true)] out WantedFile? file) =>
        open.TryGetValue((connectionId, want), out file) && file.TryClaim();
}

/// <summary>One awaited upload.</summary>
internal sealed class WantedFile(string want, TimeProvider time, Action forget) : IDisposable
{
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SpooledFile> arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int claimed;

    public string Want { get; } = want;

    public bool TryClaim()
    {
        if (Interlocked.Exchange(ref claimed, 1) == 1)
            return false;
        started.TrySetResult();
        return true;
    }

    /// <summary>Hands the file to whoever waits; when nobody does any more it goes away.</summary>
    public async ValueTask FillAsync(SpooledFile file)
    {
        if (!arrived.TrySetResult(file))
            await file.DisposeAsync();
    }

    public void Fail(PeerException reason) => arrived.TrySetException(reason);

    /// <exception cref="PeerException">It did not come: <c>Unavailable</c> when the partner did not begin in time.</exception>
    public async Task<SpooledFile> WaitAsync(TimeSpan toBegin, TimeSpan toEnd, CancellationToken cancellationToken)
    {
        try
        {
            await started.Task.WaitAsync(toBegin, time, cancellationToken);
            return await arrived.Task.WaitAsync(toEnd, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            var late = new PeerException(FailureCategory.Unavailable, "The partner's node was asked for the attachment and has not sent it yet.", exception);
            // An upload that ends at this very moment finds the place taken and goes away; one that ended just before it is used.
            return arrived.TrySetException(late) ? throw late : await arrived.Task;
        }
    }

    public void Dispose()
    {
        forget();
        if (arrived.TrySetCanceled())
            return;
        // Read by the one who waited, or looked at here so that nobody misses it.
        _ = arrived.Task.Exception;
    }
}
