using System.Reflection;
using Exalate.Core.Connections;
using Exalate.Core.Http;
using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Exalate.Core.Trackers;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Exalate.Core;

public static class ExalateCore
{
    /// <summary>The product's version, as peers and people see it. Example: "0.1.0".</summary>
    public static string Version { get; } = typeof(ExalateCore).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>
    /// Everything that is not a screen. The host adds an <see cref="ISecretProtector"/> and logging, and binds <see cref="DatabaseOptions"/>.
    /// Registrations that are there already win, so that a test can bring its own clock, randomness or tracker.
    /// </summary>
    public static IServiceCollection AddExalateCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRandomSource, SystemRandomSource>();
        services.TryAddSingleton<INodeChanges, NodeChanges>();
        services.AddStorage();
        services.AddOutboundHttp();
        services.AddTrackers();
        services.AddSettings();
        services.AddConnections();
        services.AddPeers();
        services.AddSync();
        services.AddHandlers(typeof(ExalateCore).Assembly);
        return services;
    }

    /// <summary>MediatR and every request handler of an assembly.</summary>
    private static void AddHandlers(this IServiceCollection services, Assembly assembly)
    {
        services.TryAddTransient<ServiceFactory>(provider => provider.GetRequiredService);
        services.TryAddTransient<IMediator, Mediator>();
        services.Scan(scan => scan.FromAssemblies(assembly)
            .AddClasses(classes => classes.AssignableTo(typeof(IRequestHandler<,>)), publicOnly: false)
            .AsImplementedInterfaces()
            .WithTransientLifetime());
    }
}
