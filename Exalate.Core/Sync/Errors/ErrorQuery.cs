using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Errors;

/// <summary>The entity errors of both queues as one list.</summary>
internal static class ErrorQuery
{
    /// <summary>Only what the page shows and orders by: the messages of ten thousand rows stay in the database.</summary>
    internal sealed class Row
    {
        public bool IsRequest { get; init; }

        public long Id { get; init; }

        public Guid TwinId { get; init; }

        public Guid ConnectionId { get; init; }

        public DateTimeOffset? Since { get; init; }
    }

    public static IQueryable<Row> Of(ExalateDbContext db, ErrorFilter filter)
    {
        var events = db.SyncEvents.Where(row => row.ProblemSince != null);
        var requests = db.SyncRequests.Where(row => row.ProblemSince != null);
        if (filter.ConnectionId is { } connection)
        {
            events = events.Where(row => row.ConnectionId == connection);
            requests = requests.Where(row => row.ConnectionId == connection);
        }

        if (filter.WaitingForAdmin)
        {
            events = events.Where(row => row.NeedsAttention);
            requests = requests.Where(row => row.NeedsAttention);
        }

        if (!string.IsNullOrWhiteSpace(filter.Text))
        {
            var text = filter.Text.Trim();
            events = events.Where(row => row.Problem!.Contains(text)
                || db.Twins.Any(twin => twin.Id == row.TwinId && (twin.LocalKey!.Contains(text) || twin.RemoteKey!.Contains(text))));
            requests = requests.Where(row => row.Problem!.Contains(text)
                || db.Twins.Any(twin => twin.Id == row.TwinId && (twin.LocalKey!.Contains(text) || twin.RemoteKey!.Contains(text))));
        }

        return events.Select(row => new Row { IsRequest = false, Id = row.Id, TwinId = row.TwinId, ConnectionId = row.ConnectionId, Since = row.ProblemSince })
            .Concat(requests.Select(row => new Row { IsRequest = true, Id = row.Id, TwinId = row.TwinId, ConnectionId = row.ConnectionId, Since = row.ProblemSince }));
    }

    public static async Task<int> CountAsync(ExalateDbContext db, CancellationToken cancellationToken) =>
        await db.SyncEvents.CountAsync(row => row.ProblemSince != null, cancellationToken)
        + await db.SyncRequests.CountAsync(row => row.ProblemSince != null, cancellationToken)
        + await ConnectionProblems(db).CountAsync(cancellationToken)
        + await db.Connections.CountAsync(row => row.HeldSince != null, cancellationToken)
        + await TrackerProblems(db).CountAsync(cancellationToken);

    /// <summary>Not where the partner said that it has deactivated the connection: that it takes nothing is no error then.</summary>
    public static IQueryable<Connection> ConnectionProblems(ExalateDbContext db) =>
        db.Connections.AsNoTracking().Where(row => row.Problem != null && row.PartnerDeactivatedAt == null);

    /// <summary>The watch of the tracker that is set now: one of an earlier address says nothing.</summary>
    public static IQueryable<TrackerWatch> TrackerProblems(ExalateDbContext db) =>
        db.Watches.AsNoTracking().Where(watch => watch.Problem != null && db.Settings.Any(settings => settings.TrackerUrl == watch.TrackerUrl));
}
