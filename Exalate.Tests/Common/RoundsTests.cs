using Exalate.Core;
using Exalate.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Exalate.Tests.Common;

public sealed class RoundsTests
{
    private readonly ManualTime time = new(DateTimeOffset.UnixEpoch);
    private readonly List<Exception> logged = [];
    private readonly StorageHealth storage;
    private readonly Rounds rounds;

    public RoundsTests()
    {
        storage = new StorageHealth(Options.Create(new DatabaseOptions()), new NodeChanges(), time, NullLogger<StorageHealth>.Instance);
        rounds = new Rounds(storage, time);
    }

    [Fact]
    public async Task RepeatAsync_RoundThatFails_IsLoggedAndFollowedByTheNextAfterABreath()
    {
        using var stop = new CancellationTokenSource();
        var round = 0;
        var failed = new TaskCompletionSource();
        var running = rounds.RepeatAsync(
            async _ =>
            {
                if (++round == 1)
                    throw new InvalidOperationException("A bug.");
                await stop.CancelAsync();
            },
            failure =>
            {
                logged.Add(failure);
                failed.SetResult();
            },
            stop.Token);
        await failed.Task;
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await running;
        Assert.Equal((2, "A bug."), (round, Assert.Single(logged).Message));
    }

    [Fact]
    public async Task RepeatAsync_NodeStopsInARound_EndsWithoutAWord()
    {
        using var stop = new CancellationTokenSource();
        await rounds.RepeatAsync(
            async cancellationToken =>
            {
                await stop.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
            },
            logged.Add, stop.Token);
        Assert.Empty(logged);
    }

    [Fact]
    public async Task TryAsync_DiskIsFull_IsTheStoragesSentenceAndNotTheWorkers()
    {
        const int Full = 13;
        Assert.False(await rounds.TryAsync(_ => throw new SqliteException("database or disk is full", Full), logged.Add, default));
        Assert.Contains("is full", storage.Problem!.Sentence, StringComparison.Ordinal);
        Assert.Empty(logged);
    }
}
