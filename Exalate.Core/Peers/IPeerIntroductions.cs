using System.Text.Json;
using Exalate.Core.Connections;
using Exalate.Core.Replicas;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Peers;

/// <summary>What nodes may ask before they share a secret. Unsigned: the server limits the rate.</summary>
public interface IPeerIntroductions
{
    /// <summary><c>GET /peer/v1/about</c></summary>
    Task<PeerReply> AboutAsync(CancellationToken cancellationToken);

    /// <summary><c>POST /peer/v1/invitations/inspect</c></summary>
    Task<PeerReply> InspectAsync(PeerCall call, CancellationToken cancellationToken);

    /// <summary><c>POST /peer/v1/invitations/accept</c></summary>
    Task<PeerReply> AcceptAsync(PeerCall call, CancellationToken cancellationToken);

    /// <summary><c>POST /peer/v1/invitations/register</c></summary>
    Task<PeerReply> RegisterAsync(PeerCall call, CancellationToken cancellationToken);

    /// <summary><c>POST /peer/v1/offers</c></summary>
    Task<PeerReply> TakeOfferAsync(PeerCall call, CancellationToken cancellationToken);

    /// <summary>The answer to one address that asks too often.</summary>
    PeerReply TooMany(TimeSpan? retryAfter);

    /// <summary>Null: the address may ask. Else the pause before it may ask again.</summary>
    TimeSpan? PauseFor(string? remoteAddress);
}

internal sealed class PeerIntroductions(
    NodeIdentity identity, InviterDesk inviter, RegistrationDesk registrations, OfferDesk offers, TimeProvider time, IOptions<PeerOptions> options, ILogger<PeerIntroductions> log) : IPeerIntroductions
{
    private const int MaxBodyBytes = 32 * 1024;
    private readonly AddressLimiter limiter = new(time, options.Value.UnsignedBurst, options.Value.UnsignedPerSecond);

    public async Task<PeerReply> AboutAsync(CancellationToken cancellationToken) => PeerReply.Json(200, await identity.AboutAsync(cancellationToken));

    public Task<PeerReply> InspectAsync(PeerCall call, CancellationToken cancellationToken) =>
        AnswerAsync<InspectInvitation, InvitationStanding>(call, question => inviter.InspectAsync(question, cancellationToken), 200, cancellationToken);

    public Task<PeerReply> AcceptAsync(PeerCall call, CancellationToken cancellationToken) =>
        AnswerAsync<ExchangeInvitation, InvitationExchanged>(call, question => inviter.ExchangeAsync(question, call.RemoteAddress, cancellationToken), 200, cancellationToken);

    public Task<PeerReply> RegisterAsync(PeerCall call, CancellationToken cancellationToken) =>
        AnswerAsync<RegisterInvitation, RegistrationStanding>(call, question => registrations.AskAsync(question, call.RemoteAddress, cancellationToken), 200, cancellationToken);

    public Task<PeerReply> TakeOfferAsync(PeerCall call, CancellationToken cancellationToken) =>
        AnswerAsync<HandOverInvitation, InvitationHandedOver>(call, async question =>
        {
            var handle = await offers.TakeAsync(question.Code, call.RemoteAddress, cancellationToken);
            return handle.IsSuccess ? new InvitationHandedOver(handle.Value) : handle.Error;
        }, 201, cancellationToken);

    public PeerReply TooMany(TimeSpan? retryAfter) => PeerReply.Problem(429, PeerCodes.TooMany, retryAfter: retryAfter ?? TimeSpan.FromSeconds(1));

    public TimeSpan? PauseFor(string? remoteAddress) => limiter.PauseFor(remoteAddress);

    private async Task<PeerReply> AnswerAsync<TQuestion, TAnswer>(PeerCall call, Func<TQuestion, Task<Result<TAnswer>>> ask, int success, CancellationToken cancellationToken)
        where TQuestion : class
    {
        if (await call.ReadBodyAsync(MaxBodyBytes, cancellationToken) is not { } body)
        {
            return PeerReply.Problem(413, PeerCodes.TooLarge);
        }

        if (Read<TQuestion>(body) is not { } question)
        {
            return PeerReply.Problem(400, PeerCodes.Malformed);
        }

        var answer = await ask(question);
        if (answer.IsSuccess)
        {
            return PeerReply.Json(success, answer.Value);
        }

        var (status, code) = answer.Error is PeerRefusal refusal ? (refusal.Status, refusal.Code) : (400, PeerCodes.Malformed);
        PeersLog.IntroductionRefused(log, typeof(TQuestion).Name, code, call.RemoteAddress);
        return PeerReply.Problem(status, code, retryAfter: status == 429 ? TimeSpan.FromMinutes(1) : null);
    }

    private static T? Read<T>(byte[] body)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, ReplicaJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
