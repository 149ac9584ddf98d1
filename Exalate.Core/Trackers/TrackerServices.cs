using Exalate.Core.Http;
using Exalate.Core.Trackers.Asana;
using Exalate.Core.Trackers.Calls;
using Exalate.Core.Trackers.Jira;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Trackers;

public static class TrackerServices
{
    /// <summary>Registers <see cref="ITrackerFactory"/> with the connectors, and the outbound HTTP they use. The host binds the options' sections.</summary>
    public static IServiceCollection AddTrackers(this IServiceCollection services)
    {
        services.AddOutboundHttp();
        services.AddOptions<AsanaOptions>();
        services.AddOptions<JiraOptions>();
        services.AddLogging();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JiraOptions>, TrackerOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AsanaOptions>, TrackerOptionsValidator>());
        services.TryAddSingleton<IRandomSource, SystemRandomSource>();
        services.TryAddSingleton<ITrackerFactory, TrackerFactory>();
        return services;
    }
}
