using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Connections;

/// <summary>The accepting side before <em>Confirm</em>: invitations that were pasted here or handed over.</summary>
internal sealed class OfferDesk(
    IDbContextFactory<ExalateDbContext> databases, NodeSettingsStore settings, ITrackerFactory trackers, ISecretProtector secrets, IRandomSource random,
    TimeProvider time, PeerHttp peers, RegistrationDesk registrations, IOptions<PeerOptions> options)
{
    /// <summary>How long an admin may take between reading an offer and <em>Confirm</em>.</summary>
    internal static readonly TimeSpan ConfirmWithin = TimeSpan.FromHours(1);

    private const int MaxOffersOfOneAddress = 20;
    private const int MaxToken = 200;

    /// <summary>Stores an invitation that an inviting node hands over; the answer is the handle for the browser. No call is made: an admin who opens it will check it.</summary>
    public async Task<Result<string>> TakeAsync(string? code, string? fromAddress, CancellationToken cancellationToken)
    {
        var payload = InvitationCode.Read(code ?? "");
        if (!payload.IsSuccess)
        {
            return new PeerRefusal(400, PeerCodes.Malformed);
        }

        var own = await settings.ReadAsync(cancellationToken);
        if (CheckByItself(payload.Value, own) is { } objection)
        {
            return objection.Refusal;
        }

        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var waiting = db.Set<ReceivedOffer>().Where(o => o.WasHandedOver && o.ExpiresAt > now);
        if (await waiting.CountAsync(cancellationToken) >= options.Value.MaxOffers || await waiting.CountAsync(o => o.FromAddress == fromAddress, cancellationToken) >= MaxOffersOfOneAddress)
        {
            return new PeerRefusal(429, PeerCodes.TooManyOffers);
        }

        var (offer, handle) = New(code!, now, options.Value.OfferLifetime, wasHandedOver: true, fromAddress);
        db.Add(offer);
        await db.SaveChangesAsync(cancellationToken);
        return handle;
    }

    /// <summary>A pasted code.</summary>
    public async Task<Result<InvitationOffer>> ReadCodeAsync(string code, CancellationToken cancellationToken)
    {
        var payload = InvitationCode.Read(code);
        if (!payload.IsSuccess)
        {
            return payload.Error;
        }

        var own = await settings.ReadAsync(cancellationToken);
        if (await ObjectionAsync(payload.Value, own, cancellationToken) is { } objection)
        {
            return objection;
        }

        var now = time.GetUtcNow();
        var (offer, handle) = New(InvitationCode.Write(payload.Value), now, ConfirmWithin, wasHandedOver: false, fromAddress: null);
        offer.ConfirmBefore = now + ConfirmWithin;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Add(offer);
        await db.SaveChangesAsync(cancellationToken);
        return View(handle, payload.Value, own, wasHandedOver: false);
    }

    /// <summary>An invitation that was handed over, opened by an admin.</summary>
    public async Task<Result<InvitationOffer>> ReadHandleAsync(string handle, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var hash = Tokens.Hash(handle);
        var offer = await db.Set<ReceivedOffer>().SingleOrDefaultAsync(o => o.HandleHash == hash, cancellationToken);
        var now = time.GetUtcNow();
        if (offer is null || (offer.ConfirmBefore ?? offer.ExpiresAt) <= now)
        {
            return new NotFound(
                $"This offer is no longer open: it can be opened for {options.Value.OfferLifetime.TotalMinutes:0} minutes. Go back to the inviting console and copy the invitation code of the connection; paste it here with Accept invitation.");
        }

        var payload = Payload(offer);
        if (!payload.IsSuccess)
        {
            return payload.Error;
        }

        var own = await settings.ReadAsync(cancellationToken);
        if (await ObjectionAsync(payload.Value, own, cancellationToken) is { } objection)
        {
            return objection;
        }

        offer.ConfirmBefore ??= now + ConfirmWithin;
        await db.SaveChangesAsync(cancellationToken);
        return View(handle, payload.Value, own, offer.WasHandedOver);
    }

    /// <summary>What an admin confirms.</summary>
    public async Task<Result<InvitationPayload>> OpenAsync(string handle, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var hash = Tokens.Hash(handle);
        var offer = await db.Set<ReceivedOffer>().AsNoTracking().SingleOrDefaultAsync(o => o.HandleHash == hash, cancellationToken);
        return offer?.ConfirmBefore is { } limit && limit > time.GetUtcNow()
            ? Payload(offer)
            : new NotFound("This page was open for too long. Paste the invitation code again with Accept invitation.");
    }

    private Result<InvitationPayload> Payload(ReceivedOffer offer)
    {
        try
        {
            return InvitationCode.Read(secrets.Unprotect(offer.ProtectedCode));
        }
        catch (SecretUnreadableException e)
        {
            return new Unavailable($"The offer can't be read. {e.Message} Paste the invitation code again.");
        }
    }

    private async Task<Error?> ObjectionAsync(InvitationPayload payload, NodeSettings own, CancellationToken cancellationToken)
    {
        if (CheckByItself(payload, own) is { } objection)
        {
            return objection.Error;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var existing = await db.Connections.AsNoTracking().SingleOrDefaultAsync(c => c.LinkId == payload.LinkId && !c.IsInviter, cancellationToken);
        if (existing is { Status: not ConnectionStatus.Pending })
        {
            return new Conflict($"This invitation was already used: it made the connection '{existing.Name}' on this node.");
        }

        // A Pending one is an acceptance whose answer was lost: Confirm completes it, so "used" may be our own doing.
        return await AskAsync(payload, mayBeUsedByUs: existing is not null, cancellationToken);
    }

    /// <summary>What the code alone tells, for an admin and for a node that hands it over.</summary>
    private (Error Error, PeerRefusal Refusal)? CheckByItself(InvitationPayload payload, NodeSettings own)
    {
        if (payload.Uid == own.NodeUid)
        {
            return (InvitationFaults.Own(), new PeerRefusal(409, PeerCodes.InvitationOwn));
        }

        if (payload.For is { } invited && invited != own.NodeUid)
        {
            return (InvitationFaults.ForAnotherNode(payload.ShortName), new PeerRefusal(403, PeerCodes.InvitationForAnotherNode));
        }

        if (payload.ExpiresAt <= time.GetUtcNow())
        {
            return (InvitationFaults.Expired(payload.ShortName, payload.ExpiresAt), new PeerRefusal(410, PeerCodes.InvitationExpired));
        }

        var malformed = new PeerRefusal(400, PeerCodes.Malformed);
        // The code is JSON that anybody can write: what a type says is never null may be.
        if (payload is not { Token.Length: > 0 and <= MaxToken, Name: not null, TrackerUrl: not null, Tracker: not null, Mode: not null, Type: not null }
            || !SettingsRules.IsShortName(payload.ShortName) || !PartnerIdentity.IsUid(payload.Uid) || (payload.Url is not null && (!WebAddress.TryReadOrigin(payload.Url, out var origin, out _) || origin != payload.Url))
            || (payload.Url is null && (payload.Type == nameof(ConnectionType.Public) || payload.For is null || PartnerIdentity.Link(payload.TrackerUrl) is null)))
        {
            return (new Invalid("This invitation code holds an address or a name that no node has. Ask for a new one.", nameof(ReadInvitation.Code)), malformed);
        }

        if (payload is { Type: nameof(ConnectionType.Public) } && own.ExalateUrl is null)
        {
            return (InvitationFaults.UrlNeeded(payload.ShortName), new PeerRefusal(422, PeerCodes.UrlNeeded));
        }

        return payload is { Mode: nameof(ConnectionMode.Basic), Type: nameof(ConnectionType.Public) or nameof(ConnectionType.Private) } && PartnerIdentity.Kind(payload.Tracker) is not null
            ? null
            : (new Conflict($"This invitation is to a {PartnerIdentity.Line(payload.Type, 20)} connection in {PartnerIdentity.Line(payload.Mode, 20)} mode with {PartnerIdentity.Line(payload.Tracker, 20)}, which this version of Exalate does not support yet."), malformed);
    }

    private async Task<Error?> AskAsync(InvitationPayload payload, bool mayBeUsedByUs, CancellationToken cancellationToken)
    {
        if (payload.Url is not { } inviterUrl)
        {
            var registered = await registrations.FindAsync(payload, cancellationToken);
            return InvitationFaults.OfRegistered(registered, payload, time.GetUtcNow());
        }

        try
        {
            var standing = await peers.AskAsync<InspectInvitation, InvitationStanding>(
                inviterUrl, "/invitations/inspect", new InspectInvitation(payload.LinkId, payload.Token), options.Value.QuestionTimeout, cancellationToken);
            return standing.State switch
            {
                "open" => null,
                "used" => mayBeUsedByUs ? null : InvitationFaults.Used(payload.ShortName),
                "revoked" => InvitationFaults.Revoked(payload.ShortName),
                "expired" => InvitationFaults.Expired(payload.ShortName, standing.ExpiresAt),
                _ => InvitationFaults.Unreachable($"The node at {payload.Url} answered with something this version does not understand."),
            };
        }
        catch (PeerException e)
        {
            return InvitationFaults.Final(e, payload.ShortName, payload.ExpiresAt) ?? InvitationFaults.Unreachable(e.Sentence);
        }
    }

    private (ReceivedOffer Offer, string Handle) New(string code, DateTimeOffset now, TimeSpan lifetime, bool wasHandedOver, string? fromAddress)
    {
        var handle = Tokens.NewHandle(random);
        var offer = new ReceivedOffer
        {
            Id = random.NewGuid(),
            HandleHash = Tokens.Hash(handle),
            ProtectedCode = secrets.Protect(code),
            WasHandedOver = wasHandedOver,
            FromAddress = fromAddress,
            CreatedAt = now,
            ExpiresAt = now + lifetime,
        };
        return (offer, handle);
    }

    private InvitationOffer View(string handle, InvitationPayload payload, NodeSettings own, bool wasHandedOver)
    {
        var asksForProject = own.TrackerKind is not { } kind || trackers.Describe(kind).AsksForProject;
        return new InvitationOffer
        {
            Handle = handle,
            FromNode = PartnerIdentity.Line(payload.Node, 100) ?? payload.ShortName,
            FromShortName = payload.ShortName,
            FromUrl = payload.Url,
            FromTracker = PartnerIdentity.Kind(payload.Tracker)!.Value,
            FromTrackerUrl = PartnerIdentity.Link(payload.TrackerUrl) ?? payload.Url!,
            Mode = ConnectionMode.Basic,
            Type = Enum.Parse<ConnectionType>(payload.Type),
            ConnectionName = PartnerIdentity.Line(payload.Name, 120) ?? payload.ShortName,
            ExpiresAt = payload.ExpiresAt,
            AsksForProject = asksForProject,
            // A fixed path on the address that was just asked and knew the token: nothing in it is chosen by whoever made the link.
            BackUrl = wasHandedOver && payload.Url is not null ? $"{payload.Url}/connections?connection={payload.LinkId:D}" : null,
            DefaultProject = asksForProject ? null : own.DefaultProject(),
        };
    }
}
