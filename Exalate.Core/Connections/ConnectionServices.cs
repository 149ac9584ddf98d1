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
        return services;
    }
}
