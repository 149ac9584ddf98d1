using Exalate.Core;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Console.Health;

internal static class NodeHealth
{
    public static void AddNodeHealth(this IServiceCollection services)
    {
        services.AddSingleton<DatabaseProbe>();
        services.AddSingleton<TrackerProbe>();
    }

    /// <summary>For monitors and load balancers, without sign-in: one word, never a reason. The reasons are in the log and on the console.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Answer(true)).AllowAnonymous();
        app.MapGet("/health/ready", async (DatabaseProbe database, TrackerProbe tracker, CancellationToken cancellationToken) =>
            Answer(await database.IsHealthyAsync(cancellationToken) && await tracker.IsHealthyAsync(cancellationToken))).AllowAnonymous();
    }

    private static IResult Answer(bool healthy) =>
        Results.Text(healthy ? "Healthy" : "Unhealthy", statusCode: healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}

/// <summary>A look at something that may be slow or broken, at most one at a time and not more often than its answer is fresh: whoever asks a thousand times costs nothing.</summary>
internal abstract class Probe(TimeProvider time, TimeSpan fresh)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim one = new(1, 1);
    private DateTimeOffset lookedAt = DateTimeOffset.MinValue;
    private bool healthy;

    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() - lookedAt < fresh)
                return healthy;
            healthy = await LookInTimeAsync(cancellationToken);
            lookedAt = time.GetUtcNow();
            return healthy;
        }
        finally
        {
            one.Release();
        }
    }

    protected abstract Task<bool> LookAsync(CancellationToken cancellationToken);

    protected abstract void Report(Exception exception);

    private async Task<bool> LookInTimeAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await LookAsync(either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: this is a question about health, and that was the answer.
            if (healthy || lookedAt == DateTimeOffset.MinValue)
                Report(e);
            return false;
        }
    }
}

internal sealed partial class DatabaseProbe(IDbContextFactory<ExalateDbContext> contexts, StorageHealth storage, TimeProvider time, ILogger<DatabaseProbe> log)
    : Probe(time, TimeSpan.FromSeconds(2))
{
    protected override async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        if (storage.Problem is not null)
            return false;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Settings.AnyAsync(cancellationToken);
    }

    protected override void Report(Exception exception) => LogUnhealthy(exception);

    [LoggerMessage(EventId = 1030, Level = LogLevel.Error, Message = "The database does not answer; /health/ready says Unhealthy.")]
    private partial void LogUnhealthy(Exception exception);
}

/// <summary>A node whose tracker is not configured yet is as healthy as it can be: its console must stay reachable to configure it.</summary>
internal sealed partial class TrackerProbe(
    IDbContextFactory<ExalateDbContext> contexts, ITrackerFactory trackers, ISecretProtector secrets, TimeProvider time, ILogger<TrackerProbe> log)
    : Probe(time, TimeSpan.FromSeconds(10))
{
    protected override async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var settings = await db.Settings.AsNoTracking().SingleAsync(cancellationToken);
        if (Access(settings) is not { } access)
            return true;
        // A connector of its own each time: one that lives on may answer from memory.
        await trackers.Create(access).GetAccountAsync(cancellationToken);
        return true;
    }

    protected override void Report(Exception exception) => LogUnhealthy(exception is TrackerException or SecretUnreadableException ? exception.Message : exception.ToString());

    private TrackerAccess? Access(NodeSettings settings) =>
        settings is { TrackerKind: { } kind, TrackerUrl: { } url, ProtectedTrackerToken: { } token }
            ? new TrackerAccess(kind, new Uri(url), settings.TrackerAccountName, secrets.Unprotect(token))
            : null;

    [LoggerMessage(EventId = 1031, Level = LogLevel.Warning, Message = "The tracker does not answer; /health/ready says Unhealthy. {Reason}")]
    private partial void LogUnhealthy(string reason);
}
