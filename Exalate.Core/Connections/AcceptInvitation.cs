using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections;

internal sealed class ReadInvitationHandler(OfferDesk desk) : IRequestHandler<ReadInvitation, Result<InvitationOffer>>
{
    public Task<Result<InvitationOffer>> Handle(ReadInvitation request, CancellationToken cancellationToken) => desk.ReadCodeAsync(request.Code, cancellationToken);
}

internal sealed class ReadOfferHandler(OfferDesk desk) : IRequestHandler<ReadOffer, Result<InvitationOffer>>
{
    public Task<Result<InvitationOffer>> Handle(ReadOffer request, CancellationToken cancellationToken) => desk.ReadHandleAsync(request.Handle, cancellationToken);
}

/// <summary>
/// <em>Confirm</em>: stores a Pending connection with a random id of its own, then exchanges the token for the secret. Killed in between, the node goes on at its next start;
/// confirmed again, the same connection is completed.
/// </summary>
internal sealed class AcceptInvitationHandler(
    OfferDesk desk, Acceptor acceptor, RegistrationDesk registrations, IDbContextFactory<ExalateDbContext> databases, NodeSettingsStore settings, ITrackerFactory trackers, ISecretProtector secrets,
    IRandomSource random, TimeProvider time) : IRequestHandler<AcceptInvitation, Result<ConnectionAccepted>>
{
    private const int MaxTries = 5;

    public async Task<Result<ConnectionAccepted>> Handle(AcceptInvitation request, CancellationToken cancellationToken)
    {
        var payload = await desk.OpenAsync(request.Handle, cancellationToken);
        if (!payload.IsSuccess)
        {
            return payload.Error;
        }

        var own = await settings.ReadAsync(cancellationToken);
        var tracker = own.TrackerKind is { } kind ? trackers.Describe(kind) : null;
        var missing = SettingsRules.Missing(own, tracker);
        if (missing.Count > 0)
        {
            return new Invalid("General Settings are not complete. " + string.Join(' ', missing));
        }

        if (tracker!.AsksForProject && request.Project is null)
        {
            return new Invalid("Choose the project in which incoming entities are created.", nameof(request.Project));
        }

        if (payload.Value.Url is null)
        {
            var accepted = await registrations.AcceptAsync(payload.Value, db => NewAsync(db, request, payload.Value, own, tracker, cancellationToken), cancellationToken);
            return accepted.IsSuccess ? await ViewAsync(accepted.Value, own, cancellationToken) : accepted.Error;
        }

        var connectionId = await StoreAsync(request, payload.Value, own, tracker, cancellationToken);
        var completed = await acceptor.CompleteAsync(connectionId, isPersonWaiting: true, cancellationToken);
        return completed.IsSuccess ? await ViewAsync(connectionId, own, cancellationToken) : completed.Error;
    }

    private async Task<Guid> StoreAsync(AcceptInvitation request, InvitationPayload payload, NodeSettings own, TrackerDescription tracker, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            // Read before the connection: a Pending connection without one has surely none, so a new one may be put beside it (see Acceptor).
            var acceptance = await db.Set<Acceptance>()
                .SingleOrDefaultAsync(a => db.Connections.Any(c => c.Id == a.ConnectionId && c.LinkId == payload.LinkId && !c.IsInviter), cancellationToken);
            var connection = await db.Connections.SingleOrDefaultAsync(c => c.LinkId == payload.LinkId && !c.IsInviter, cancellationToken);
            if (connection is { Status: not ConnectionStatus.Pending })
            {
                return connection.Id;
            }

            if (connection is null)
            {
                connection = New(request, payload, own);
                connection.Name = await ConnectionNames.FreeAsync(db, connection.LocalShortName, connection.RemoteShortName, connection.Id, cancellationToken);
                db.Add(connection);
            }

            SetProject(connection, request, tracker);
            PutAcceptance(db, acceptance, connection, payload);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return connection.Id;
            }
            catch (DbUpdateConcurrencyException) when (attempt < MaxTries)
            {
                // The acceptance ended at this very moment.
            }
            catch (DbUpdateException e) when (attempt < MaxTries && e.IsDuplicate())
            {
                // A second Confirm of the same invitation, or the name was taken: look again.
            }
        }
    }

    private async Task<Connection> NewAsync(
        ExalateDbContext db, AcceptInvitation request, InvitationPayload payload, NodeSettings own, TrackerDescription tracker, CancellationToken cancellationToken)
    {
        var connection = New(request, payload, own);
        connection.Name = await ConnectionNames.FreeAsync(db, connection.LocalShortName, connection.RemoteShortName, connection.Id, cancellationToken);
        SetProject(connection, request, tracker);
        return connection;
    }

    /// <summary>Where the tracker never asks, the default project of General Settings holds, also when it changes later.</summary>
    private static void SetProject(Connection connection, AcceptInvitation request, TrackerDescription tracker)
    {
        var project = tracker.AsksForProject ? request.Project : null;
        (connection.ProjectId, connection.ProjectKey, connection.ProjectName) = (project?.Id, project?.Key, project?.Name);
    }

    private Connection New(AcceptInvitation request, InvitationPayload payload, NodeSettings own) => new()
    {
        Id = random.NewGuid(),
        LinkId = payload.LinkId,
        Name = "",
        NameIsGenerated = true,
        Type = Enum.Parse<ConnectionType>(payload.Type),
        Reach = payload.Url is null ? Reach.OnlyTheyCall : payload.Type == nameof(ConnectionType.Private) ? Reach.OnlyWeCall : Reach.Both,
        Mode = ConnectionMode.Basic,
        Status = ConnectionStatus.Pending,
        IsInviter = false,
        LocalShortName = own.ShortName!,
        RemoteShortName = payload.ShortName,
        RemoteUrl = payload.Url,
        RemoteNodeUid = payload.Uid,
        RemoteNodeName = Peers.PartnerIdentity.Line(payload.Node, 100),
        RemoteTracker = Peers.PartnerIdentity.Kind(payload.Tracker),
        RemoteTrackerUrl = Peers.PartnerIdentity.Link(payload.TrackerUrl),
        CreatedAt = time.GetUtcNow(),
        CreatedBy = request.By,
    };

    private void PutAcceptance(ExalateDbContext db, Acceptance? known, Connection connection, InvitationPayload payload)
    {
        var tokenHash = Tokens.Hash(payload.Token);
        // The person who confirms makes the first try; the background waits long enough not to get in its way.
        var next = time.GetUtcNow() + TimeSpan.FromMinutes(1);
        if (known is null)
        {
            db.Add(new Acceptance
            {
                ConnectionId = connection.Id,
                AcceptId = Tokens.NewHandle(random),
                TokenHash = tokenHash,
                ProtectedToken = secrets.Protect(payload.Token),
                InviterUrl = payload.Url ?? throw new InvalidOperationException("An inviter without an address is not called."),
                InviterUid = payload.Uid,
                ExpiresAt = payload.ExpiresAt,
                NextAttemptAt = next,
            });
        }
        else if (known.TokenHash != tokenHash)
        {
            (known.AcceptId, known.TokenHash, known.ProtectedToken) = (Tokens.NewHandle(random), tokenHash, secrets.Protect(payload.Token));
            (known.ExpiresAt, known.NextAttemptAt, known.Attempts) = (payload.ExpiresAt, next, 0);
        }
    }

    private async Task<Result<ConnectionAccepted>> ViewAsync(Guid connectionId, NodeSettings own, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.AsNoTracking().SingleOrDefaultAsync(c => c.Id == connectionId, cancellationToken);
        return connection is null
            ? new NotFound("This connection was deleted in the meantime.")
            : new ConnectionAccepted(connection.Id, connection.Name, connection.Project() ?? own.DefaultProject());
    }
}
