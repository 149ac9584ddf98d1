using Exalate.Core.Connections.Life;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Exalate.Core.Connections;

public static class ConnectionServices
{
    /// <summary>Making and accepting connections. Needs settings and peers.</summary>
    public static IServiceCollection AddConnections(this IServiceCollection services)
    {
        services.TryAddSingleton<Destinations>();
        services.TryAddSingleton<InvitationMaker>();
        services.TryAddSingleton<InviterDesk>();
        services.TryAddSingleton<OfferDesk>();
        services.TryAddSingleton<Acceptor>();
        services.TryAddSingleton<RegistrationDesk>();
        services.TryAddSingleton<AnswerFetcher>();
        services.TryAddSingleton<SecretRotation>();
        services.TryAddSingleton<NoticeDesk>();
        services.TryAddSingleton<NoticeCourier>();
        services.TryAddSingleton<PartnerCheck>();
        services.TryAddSingleton<Pulses>();
        services.TryAddSingleton<PulseDesk>();
        services.AddHostedService<LifeService>();
        return services;
    }
}
