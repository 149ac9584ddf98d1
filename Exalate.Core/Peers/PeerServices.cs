using Exalate.Core.Peers.Mail;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Peers;

public static class PeerServices
{
    /// <summary>
    /// The node-to-node protocol, both sides of it. The host binds <see cref="PeerOptions"/> and maps the endpoints.
    /// </summary>
    public static IServiceCollection AddPeers(this IServiceCollection services)
    {
        services.AddOptions<PeerOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PeerOptions>, PeerOptionsValidator>());
        services.TryAddSingleton<PeerHttp>();
        services.TryAddSingleton<NodeIdentity>();
        services.TryAddSingleton<AttachmentSpool>();
        services.TryAddSingleton<IPeerIntroductions, PeerIntroductions>();
        services.TryAddSingleton<PeerCircuits>();
        services.TryAddSingleton<PeerClient>();
        services.TryAddSingleton<MailRoom>();
        services.TryAddSingleton<WantedFiles>();
        services.TryAddSingleton<WantedRecalls>();
        services.TryAddSingleton<LocalWay>();
        services.TryAddSingleton<IPeerClient, PeerRoutes>();
        services.TryAddSingleton<PeerVerifier>();
        services.TryAddSingleton<IPeerTraffic, PeerTraffic>();
        services.TryAddSingleton<PeerChores>();
        services.AddHostedService<PeerChoresService>();
        services.AddHostedService<AnswerFetcherService>();
        return services;
    }
}
