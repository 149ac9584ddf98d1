using Exalate.Core.Access;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections.Life;

internal sealed class RenameConnectionHandler(IDbContextFactory<ExalateDbContext> databases, TimeProvider time, INodeChanges changes) : IRequestHandler<RenameConnection, Result>
{
    private const int MaxLength = 100;

    public async Task<Result> Handle(RenameConnection request, CancellationToken cancellationToken)
    {
        var name = request.Name.Trim();
        if (name.Length is 0 or > MaxLength || name.Any(char.IsControl))
        {
            return new Invalid($"Enter a name of 1 to {MaxLength} characters.", nameof(request.Name));
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == request.ConnectionId, cancellationToken);
        if (connection is null)
        {
            return LifeErrors.Gone;
        }

        if (connection.Name == name)
        {
            return Result.Success;
        }

        db.Add(new AuditEntry { At = time.GetUtcNow(), Actor = request.By, Action = AuditAction.ConnectionChanged, Subject = $"connection {connection.Name} renamed to {name}" });
        (connection.Name, connection.NameIsGenerated) = (name, false);
        if (await db.OtherHalfAsync(connection, cancellationToken, tracked: true) is { } half)
        {
            (half.Name, half.NameIsGenerated) = (LocalHalves.NameOfOther(name), false);
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsDuplicate())
        {
            return new Conflict($"Another connection is called '{name}' already. Choose another name.");
        }

        changes.Ring(NodeChange.Connections);
        return Result.Success;
    }
}

internal sealed class ChangeIncomingProjectHandler(
    IDbContextFactory<ExalateDbContext> databases, NodeSettingsStore settings, ITrackerFactory trackers, TimeProvider time, INodeChanges changes)
    : IRequestHandler<ChangeIncomingProject, Result>
{
    public async Task<Result> Handle(ChangeIncomingProject request, CancellationToken cancellationToken)
    {
        var own = await settings.ReadAsync(cancellationToken);
        if (own.TrackerKind is { } kind && !trackers.Describe(kind).AsksForProject)
        {
            return new Invalid("On this tracker incoming entities go to the default project of General Settings; change it there.", nameof(request.Project));
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == request.ConnectionId, cancellationToken);
        if (connection is null)
        {
            return LifeErrors.Gone;
        }

        if (connection.Type == ConnectionType.Local)
        {
            return new Invalid("A local connection is between its two projects for good. Make another one for another pair of projects.", nameof(request.Project));
        }

        (connection.ProjectId, connection.ProjectKey, connection.ProjectName) = (request.Project.Id, request.Project.Key, request.Project.Name);
        db.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Actor = request.By,
            Action = AuditAction.ConnectionChanged,
            Subject = Peers.PartnerIdentity.Line($"connection {connection.Name}: incoming entities go to {request.Project.Name} ({request.Project.Key})", AuditEntry.MaxTextLength),
        });
        await db.SaveChangesAsync(cancellationToken);
        // The watcher looks at the new project from now on.
        changes.Ring(NodeChange.Connections);
        return Result.Success;
    }
}

internal sealed class CorrectPartnerUrlHandler(IDbContextFactory<ExalateDbContext> databases, Destinations destinations, TimeProvider time, INodeChanges changes)
    : IRequestHandler<CorrectPartnerUrl, Result>
{
    public async Task<Result> Handle(CorrectPartnerUrl request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == request.ConnectionId, cancellationToken);
        if (connection is null)
        {
            return LifeErrors.Gone;
        }

        if (ConnectionWords.AddressFixedBecause(connection) is { } reason)
        {
            return new Conflict(reason);
        }

        var found = await destinations.FindAsync(request.Url, nameof(request.Url), cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        if (found.Value.About.Uid != connection.RemoteNodeUid)
        {
            return new Invalid(
                $"Another node answers at {found.Value.Url}: {Peers.PartnerIdentity.Line(found.Value.About.Name, 100) ?? "one without a name"}. This connection was made with {connection.RemoteNodeName ?? connection.RemoteShortName}; ask its admin for the Exalate URL.",
                nameof(request.Url));
        }

        db.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Actor = request.By,
            Action = AuditAction.ConnectionChanged,
            Subject = Peers.PartnerIdentity.Line($"connection {connection.Name}: partner's address {connection.RemoteUrl} corrected to {found.Value.Url}", AuditEntry.MaxTextLength),
        });
        connection.RemoteUrl = found.Value.Url;
        connection.PartnerIsWell();
        await db.SaveChangesAsync(cancellationToken);
        // What could not be told at the old address is told now.
        await db.Database.ExecuteSqlInterpolatedAsync($"UPDATE ConnectionNotices SET NextAttemptAt = {time.GetUtcNow().UtcTicks} WHERE ConnectionId = {connection.Id}", cancellationToken);
        changes.Ring(NodeChange.Connections);
        return Result.Success;
    }
}
