using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Exalate.Core.Http;

public static class OutboundHttpServices
{
    /// <summary>
    /// Registers <see cref="IOutboundHttp"/>, <see cref="AddressPolicy"/> and <see cref="AllowedNetworks"/> (also as <see cref="IAllowedNetworks"/>, unless one is there already).
    /// Networks to start with come from <see cref="OutboundHttpOptions"/>; the host binds the section.
    /// </summary>
    public static IServiceCollection AddOutboundHttp(this IServiceCollection services)
    {
        services.AddOptions<OutboundHttpOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AllowedNetworks>(provider =>
            new AllowedNetworks(provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<OutboundHttpOptions>>()));
        services.TryAddSingleton<IAllowedNetworks>(provider => provider.GetRequiredService<AllowedNetworks>());
        services.TryAddSingleton<AddressPolicy>();
        services.TryAddSingleton<IHostResolver, SystemHostResolver>();
        services.TryAddSingleton<IOutboundHttp, OutboundHttp>();
        return services;
    }
}
