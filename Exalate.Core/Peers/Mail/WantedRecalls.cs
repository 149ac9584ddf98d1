using System.Collections.Concurrent;
using Exalate.Core.Connections;

namespace Exalate.Core.Peers.Mail;

/// <summary>Questions to private partners about what they know of the pairs, whose answers are waited for right now. An answer that nobody waits for is refused.</summary>
internal sealed class WantedRecalls(IRandomSource random)
{
    private readonly ConcurrentDictionary<(Guid ConnectionId, string Want), WantedRecall> open = new();

    /// <summary>Opens the door for one answer, until the result is disposed.</summary>
    public WantedRecall Open(Guid connectionId)
    {
        var want = Tokens.NewHandle(random);
        return open[(connectionId, want)] = new WantedRecall(want, () => open.TryRemove((connectionId, want), out _));
    }

    /// <returns>False when nobody waits for it.</returns>
    public bool TryFill(Guid connectionId, string want, RecallAnswer answer) => open.TryGetValue((connectionId, want), out var place) && place.TryFill(answer);

    /// <summary>The partner will not answer.</summary>
    public void Refuse(Guid connectionId, string want, string sentence)
    {
        if (open.TryGetValue((connectionId, want), out var place))
            place.Refuse(sentence);
    }
}

/// <summary>One awaited answer.</summary>
internal sealed class WantedRecall(string want, Action forget) : IDisposable
{
    private readonly TaskCompletionSource<RecallAnswer> arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Want { get; } = want;

    public bool TryFill(RecallAnswer answer) => arrived.TrySetResult(answer);

    public void Refuse(string sentence) => arrived.TrySetException(new MailRefusedException(sentence));

    /// <exception cref="TimeoutException">It did not come.</exception>
    /// <exception cref="MailRefusedException">The partner does not know the question.</exception>
    public Task<RecallAnswer> WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken) => arrived.Task.WaitAsync(patience, time, cancellationToken);

    public void Dispose()
    {
        forget();
        if (!arrived.TrySetCanceled())
            _ = arrived.Task.Exception;
    }
}

/// <summary>A partner will never take a mail.</summary>
internal sealed class MailRefusedException(string sentence) : Exception(sentence);
