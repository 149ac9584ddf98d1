using Exalate.Console.Auth;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Exalate.Console.Shared;

internal static class SharedServices
{
    /// <summary>What the pages need beside the messages: the reader's browser and time zone, per circuit.</summary>
    public static IServiceCollection AddConsolePages(this IServiceCollection services)
    {
        services.TryAddScoped<Browser>();
        services.TryAddScoped<BrowserTime>();
        services.TryAddScoped<Tab>();
        return services;
    }
}
