using Exalate.Core.Peers.Mail;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Exalate.Core.Trackers;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections;

internal sealed class ListConnectionsHandler(IDbContextFactory<ExalateDbContext> databases, NodeSettingsStore settings, TimeProvider time)
    : IRequestHandler<ListConnections, IReadOnlyList<ConnectionView>>, IRequestHandler<GetConnection, ConnectionView?>
{
    public Task<IReadOnlyList<ConnectionView>> Handle(ListConnections request, CancellationToken cancellationToken) => ReadAsync(all => all, cancellationToken);

    public async Task<ConnectionView?> Handle(GetConnection request, CancellationToken cancellationToken)
    {
        // The way back from a partner's console names the connection by the id that both sides know.
        var found = await ReadAsync(all => all.Where(c => c.Id == request.ConnectionId || c.LinkId == request.ConnectionId), cancellationToken);
        return found.FirstOrDefault();
    }

    private async Task<IReadOnlyList<ConnectionView>> ReadAsync(Func<IQueryable<Connection>, IQueryable<Connection>> choose, CancellationToken cancellationToken)
    {
        var own = await settings.ReadAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connections = await choose(db.Connections.AsNoTracking().Shown()).OrderByDescending(c => c.CreatedAt).ToListAsync(cancellationToken);
        var ids = connections.ConvertAll(c => c.Id);
        var twins = await db.Twins.Where(t => ids.Contains(t.ConnectionId)).GroupBy(t => t.ConnectionId)
            .Select(g => new { Id = g.Key, InSync = g.Count(t => t.State == TwinState.Synchronized), Last = g.Max(t => t.LastSyncAt) })
            .ToDictionaryAsync(t => t.Id, cancellationToken);
        var halves = await HalvesAsync(db, connections, cancellationToken);
        var problems = (await ProblemsAsync(db, [.. ids, .. halves.Keys], cancellationToken)).SelectMany(found => found)
            .ToLookup(problem => halves.TryGetValue(problem.ConnectionId, out var half) ? half.Shown : problem.ConnectionId);
        var pending = connections.Where(c => c.Status == ConnectionStatus.Pending && c.IsInviter).Select(c => c.Id).ToList();
        var invitations = await db.Set<Invitation>().AsNoTracking().Where(i => pending.Contains(i.ConnectionId)).ToListAsync(cancellationToken);
        var newest = invitations.GroupBy(i => i.ConnectionId).ToDictionary(g => g.Key, g => g.MaxBy(i => i.Number));
        return connections.ConvertAll(c => View(c, own) with
        {
            OtherProject = halves.Values.FirstOrDefault(half => half.Shown == c.Id).Project,
            EntitiesInSync = twins.GetValueOrDefault(c.Id)?.InSync ?? 0,
            LastSyncAt = twins.GetValueOrDefault(c.Id)?.Last,
            Problems = problems[c.Id].Select(p => p.TwinId).Distinct().Count(),
            // That the partner takes nothing is no news where it said why.
            Problem = c.HoldWord() ?? (c.PartnerDeactivatedAt is null ? c.Problem : null) ?? MailWord.NotAsked(c, time.GetUtcNow()) ?? problems[c.Id].MaxBy(p => p.At)?.Sentence ?? c.PartnerProblem,
            IsHeld = c.HeldSince is not null,
            IsFailing = c is { Problem: not null, PartnerDeactivatedAt: null },
            Invitation = newest.GetValueOrDefault(c.Id)?.StateAt(time.GetUtcNow()),
            InvitationExpiresAt = newest.GetValueOrDefault(c.Id)?.ExpiresAt,
        });
    }

    /// <summary>For the half of a local connection that is not shown: the one that is, and its own project.</summary>
    private static async Task<Dictionary<Guid, (Guid Shown, TrackerProject? Project)>> HalvesAsync(ExalateDbContext db, List<Connection> connections, CancellationToken cancellationToken)
    {
        var local = connections.Where(c => c.Type == ConnectionType.Local).ToDictionary(c => c.LinkId, c => c.Id);
        var links = local.Keys.ToList();
        var hidden = links.Count == 0
            ? []
            : await db.Connections.AsNoTracking().Where(c => c.Type == ConnectionType.Local && !c.IsInviter && links.Contains(c.LinkId)).ToListAsync(cancellationToken);
        return hidden.ToDictionary(c => c.Id, c => (local[c.LinkId], c.Project()));
    }

    private static async Task<ILookup<Guid, PairProblem>> ProblemsAsync(ExalateDbContext db, List<Guid> ids, CancellationToken cancellationToken)
    {
        var outgoing = await db.SyncEvents.Where(e => e.NeedsAttention && e.FinishedAt == null && ids.Contains(e.ConnectionId))
            .Select(e => new PairProblem(e.ConnectionId, e.TwinId, e.CreatedAt, e.Problem)).ToListAsync(cancellationToken);
        var incoming = await db.SyncRequests.Where(r => r.NeedsAttention && r.FinishedAt == null && ids.Contains(r.ConnectionId))
            .Select(r => new PairProblem(r.ConnectionId, r.TwinId, r.ReceivedAt, r.Problem)).ToListAsync(cancellationToken);
        return outgoing.Concat(incoming).ToLookup(p => p.ConnectionId);
    }

    private static ConnectionView View(Connection connection, NodeSettings own) => new()
    {
        Id = connection.Id,
        Name = connection.Name,
        Description = connection.Description,
        Type = connection.Type,
        Mode = connection.Mode,
        Status = connection.Status,
        IsInviter = connection.IsInviter,
        LocalTracker = own.TrackerKind ?? TrackerKind.Jira,
        LocalShortName = connection.LocalShortName,
        RemoteTracker = connection.RemoteTracker,
        RemoteShortName = connection.RemoteShortName,
        RemoteUrl = connection.RemoteUrl,
        RemoteTrackerUrl = connection.RemoteTrackerUrl,
        // Where the tracker never asks, incoming entities go to the default project.
        Project = connection.Project() ?? own.DefaultProject(),
        EntitiesInSync = 0,
        Problems = 0,
        CreatedAt = connection.CreatedAt,
        DeactivatedAt = connection.DeactivatedAt,
        DeactivatedBy = connection.DeactivatedBy,
        PartnerDeactivatedAt = connection.PartnerDeactivatedAt,
        PartnerDeletedAt = connection.PartnerDeletedAt,
    };

    private sealed record PairProblem(Guid ConnectionId, Guid TwinId, DateTimeOffset At, string? Sentence);
}

internal static class ConnectionProjections
{
    /// <summary>Why a guard holds it, for the admin; null when none does.</summary>
    public static string? HoldWord(this Connection connection) =>
        connection.HeldSentence is { } sentence ? $"Stopped: {sentence}{(connection.HeldKind == HoldKind.Rebuilding ? "" : " Decide on the Errors page.")}" : null;

    public static TrackerProject? Project(this Connection connection) =>
        connection.ProjectId is { } id ? new TrackerProject(id, connection.ProjectKey ?? id, connection.ProjectName ?? id) : null;
}
