using Exalate.Core.Access;
using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Connections;

internal sealed class InitiateConnectionHandler(
    IDbContextFactory<ExalateDbContext> databases, NodeSettingsStore settings, ITrackerFactory trackers, Destinations destinations, InvitationMaker invitations, AnswerFetcher answers, PeerHttp peers,
    IRandomSource random, TimeProvider time, INodeChanges changes, IOptions<PeerOptions> options) : IRequestHandler<InitiateConnection, Result<ConnectionInitiated>>
{
    private const int MaxTries = 5;

    public async Task<Result<ConnectionInitiated>> Handle(InitiateConnection request, CancellationToken cancellationToken)
    {
        var connection = await FindAsync(request.RequestId, cancellationToken);
        if (connection is null)
        {
            var made = await MakeAsync(request, cancellationToken);
            if (!made.IsSuccess)
            {
                return made.Error;
            }

            connection = made.Value;
        }

        if (connection.Reach == Reach.OnlyWeCall)
        {
            // What fails is tried again in the background, and stands in the connection's row.
            await answers.AskAsync(connection.Id, cancellationToken);
        }

        var redirect = request.HasAdminAccess && connection is { Status: ConnectionStatus.Pending, RemoteUrl: not null } ? await HandOverAsync(connection, cancellationToken) : Result.Of<string?>(null);
        return redirect.IsSuccess ? new ConnectionInitiated { ConnectionId = connection.Id, Name = connection.Name, RedirectUrl = redirect.Value } : redirect.Error;
    }

    private async Task<Connection?> FindAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Connections.AsNoTracking().SingleOrDefaultAsync(c => c.RequestId == requestId, cancellationToken);
    }

    private async Task<Result<Connection>> MakeAsync(InitiateConnection request, CancellationToken cancellationToken)
    {
        var own = await settings.ReadAsync(cancellationToken);
        if (Objection(request, own) is { } objection)
        {
            return objection;
        }

        if (request.DestinationUrl is not { } destinationUrl)
        {
            return await StoreAsync(request, null, own, cancellationToken);
        }

        if (OwnAddress.Is(destinationUrl, own))
        {
            return await MakeLocalAsync(request, own, cancellationToken);
        }

        var found = await destinations.FindAsync(destinationUrl, nameof(request.DestinationUrl), cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        if (found.Value.About.Uid == own.NodeUid)
        {
            return await MakeLocalAsync(request, own, cancellationToken);
        }

        return Modes.With(found.Value.About, found.Value.Url).Single(m => m.Mode == request.Mode).DisabledBecause is { } reason
            ? new Invalid(reason, nameof(request.Mode))
            : await StoreAsync(request, found.Value, own, cancellationToken);
    }

    private Invalid? Objection(InitiateConnection request, NodeSettings own)
    {
        var tracker = own.TrackerKind is { } kind ? trackers.Describe(kind) : null;
        var missing = SettingsRules.Missing(own, tracker);
        if (missing.Count > 0)
        {
            return new Invalid("General Settings are not complete. " + string.Join(' ', missing));
        }

        if (Modes.DisabledBecause(request.Mode) is { } reason)
        {
            return new Invalid(reason, nameof(request.Mode));
        }

        if (request.DestinationUrl is null && own.ExalateUrl is null)
        {
            return new Invalid(Modes.BothPrivate, nameof(request.DestinationUrl));
        }

        // A local connection needs its two projects, whatever the tracker: that is looked at where it is made.
        return request.DestinationUrl is { } url && OwnAddress.Is(url, own) ? null : tracker!.AsksForProject && request.Project is null ? new Invalid("Choose the project in which incoming entities are created.", nameof(request.Project)) : null;
    }

    private async Task<Result<Connection>> StoreAsync(InitiateConnection request, Destination? destination, NodeSettings own, CancellationToken cancellationToken)
    {
        var asksForProject = trackers.Describe(own.TrackerKind!.Value).AsksForProject;
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var connection = New(request, destination, own, asksForProject ? request.Project : null);
            connection.Name = await ConnectionNames.FreeAsync(db, connection.LocalShortName, connection.RemoteShortName, connection.Id, cancellationToken);
            db.Add(connection);
            db.Add(invitations.Make(connection, 1, own, destination?.About.Uid, request.By));
            db.Add(new AuditEntry { At = time.GetUtcNow(), Actor = request.By, Action = AuditAction.ConnectionInitiated, Subject = $"connection {connection.Name} to {destination?.Url ?? "a node without a URL"}" });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                changes.Ring(NodeChange.Connections);
                return connection;
            }
            catch (DbUpdateException e) when (attempt < MaxTries && e.IsDuplicate())
            {
                // A double click: the other one made it. Else the name was taken, and the next number is tried.
                if (await FindAsync(request.RequestId, cancellationToken) is { } made)
                {
                    return made;
                }
            }
        }
    }

    /// <summary>Both halves, active at once: there is nobody to ask.</summary>
    private async Task<Result<Connection>> MakeLocalAsync(InitiateConnection request, NodeSettings own, CancellationToken cancellationToken)
    {
        if (request is not { Project: { } first, OtherProject: { } second })
        {
            return new Invalid("Choose the two projects that are to be connected.", request.Project is null ? nameof(request.Project) : nameof(request.OtherProject));
        }

        if (first.Id == second.Id)
        {
            return new Invalid($"A project can't be connected with itself. Choose another one than {first.Name} on one of the sides.", nameof(request.OtherProject));
        }

        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var link = random.NewGuid();
            var name = await ConnectionNames.FreeAsync(db, own.ShortName!, own.ShortName!, Guid.Empty, cancellationToken);
            var shown = NewHalf(request, own, link, name, first, isInviter: true);
            db.Add(shown);
            db.Add(NewHalf(request, own, link, LocalHalves.NameOfOther(name), second, isInviter: false));
            db.Add(new AuditEntry { At = time.GetUtcNow(), Actor = request.By, Action = AuditAction.ConnectionInitiated, Subject = $"connection {name} between two projects of this node" });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                changes.Ring(NodeChange.Connections);
                return shown;
            }
            catch (DbUpdateException e) when (attempt < MaxTries && e.IsDuplicate())
            {
                if (await FindAsync(request.RequestId, cancellationToken) is { } made)
                {
                    return made;
                }
            }
        }
    }

    private Connection NewHalf(InitiateConnection request, NodeSettings own, Guid link, string name, TrackerProject project, bool isInviter) => new()
    {
        Id = random.NewGuid(),
        LinkId = link,
        RequestId = isInviter ? request.RequestId : null,
        Name = name,
        NameIsGenerated = true,
        Type = ConnectionType.Local,
        Mode = request.Mode,
        Status = ConnectionStatus.Active,
        IsInviter = isInviter,
        LocalShortName = own.ShortName!,
        RemoteShortName = own.ShortName!,
        ProjectId = project.Id,
        ProjectKey = project.Key,
        ProjectName = project.Name,
        RemoteNodeUid = own.NodeUid,
        RemoteNodeName = own.NodeName,
        RemoteTracker = own.TrackerKind,
        RemoteTrackerUrl = own.TrackerUrl,
        RemoteVersion = ExalateCore.Version,
        CreatedAt = time.GetUtcNow(),
        CreatedBy = request.By,
        ActivatedAt = time.GetUtcNow(),
    };

    private Connection New(InitiateConnection request, Destination? destination, NodeSettings own, TrackerProject? project) => new()
    {
        Id = random.NewGuid(),
        LinkId = random.NewGuid(),
        RequestId = request.RequestId,
        Name = "",
        NameIsGenerated = true,
        Type = destination is null || own.ExalateUrl is null ? ConnectionType.Private : ConnectionType.Public,
        Reach = destination is null ? Reach.OnlyTheyCall : own.ExalateUrl is null ? Reach.OnlyWeCall : Reach.Both,
        Mode = request.Mode,
        Status = ConnectionStatus.Pending,
        IsInviter = true,
        LocalShortName = own.ShortName!,
        RemoteShortName = ConnectionNames.Unknown,
        ProjectId = project?.Id,
        ProjectKey = project?.Key,
        ProjectName = project?.Name,
        RemoteUrl = destination?.Url,
        RemoteNodeUid = destination?.About.Uid,
        RemoteNodeName = PartnerIdentity.Line(destination?.About.Name, 100),
        RemoteTracker = PartnerIdentity.Kind(destination?.About.Tracker?.Kind),
        RemoteTrackerUrl = PartnerIdentity.Link(destination?.About.Tracker?.Url),
        RemoteVersion = PartnerIdentity.Line(destination?.About.Version, 40),
        CreatedAt = time.GetUtcNow(),
        CreatedBy = request.By,
    };

    /// <summary>Gives the invitation to the destination; the answer is where the browser goes. The connection stays when it fails.</summary>
    private async Task<Result<string?>> HandOverAsync(Connection connection, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var newest = await db.Set<Invitation>().AsNoTracking().Where(i => i.ConnectionId == connection.Id).OrderByDescending(i => i.Number).FirstOrDefaultAsync(cancellationToken);
        if (newest is null || invitations.CodeOf(newest) is not { } code || connection.RemoteUrl is not { } url)
        {
            return new Conflict($"The invitation of '{connection.Name}' can't be used any more. Make a new one from the connection's row.");
        }

        try
        {
            var answer = await peers.AskAsync<HandOverInvitation, InvitationHandedOver>(url, "/offers", new HandOverInvitation(code), options.Value.QuestionTimeout, cancellationToken);
            return IsHandle(answer.Handle)
                ? Result.Of<string?>($"{url}/connections/accept?offer={answer.Handle}")
                : Failed(connection, $"The node at {url} gave an answer that this node does not understand.");
        }
        catch (PeerException e)
        {
            return Failed(connection, e.Code switch
            {
                PeerCodes.InvitationForAnotherNode => $"Another node answers at {url} now than before.",
                _ => e.Sentence,
            });
        }
    }

    // It goes into an address, so it is letters, digits, '-' and '_', whatever the other side says.
    private static bool IsHandle(string? handle) => handle is { Length: >= 16 and <= 100 } && handle.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static Unavailable Failed(Connection connection, string why) =>
        new($"The connection '{connection.Name}' was made and waits, but its invitation could not be handed over. {why} Copy the invitation code from the connection's row and paste it on the other console, or try again.");
}
