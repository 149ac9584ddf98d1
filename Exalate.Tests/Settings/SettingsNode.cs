using Exalate.Core;
using Exalate.Core.Http;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Exalate.Tests.Peers;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Settings;

/// <summary>The core with a database of its own and no network.</summary>
internal sealed class SettingsNode : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private SettingsNode(TestDatabase database, Action<SettingsSeed>? seed)
    {
        Database = database;
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddSingleton<IDbContextFactory<ExalateDbContext>>(database);
        collection.AddSingleton<TimeProvider>(Clock);
        collection.AddSingleton<ISecretProtector>(new TestSecrets("a"));
        collection.AddSingleton<ITrackerFactory>(Trackers);
        collection.AddExalateCore();
        if (seed is not null)
        {
            collection.Configure(seed);
        }

        services = collection.BuildServiceProvider();
    }

    public TestDatabase Database { get; }

    public TestClock Clock { get; } = new(TestClock.Noon);

    public TestTrackers Trackers { get; } = new();

    public IServiceProvider Services => services;

    public AllowedNetworks Networks => services.GetRequiredService<AllowedNetworks>();

    public ITrackerProvider TrackerProvider => services.GetRequiredService<ITrackerProvider>();

    public static async Task<SettingsNode> StartAsync(Action<SettingsSeed>? seed = null, TestDatabase? database = null)
    {
        var node = new SettingsNode(database ?? await TestDatabase.CreateAsync(), seed);
        await node.services.SeedSettingsAsync();
        return node;
    }

    public Task<T> SendAsync<T>(IRequest<T> request) => services.GetRequiredService<IMediator>().Send(request);

    public async Task<SaveNodeSettings> FormAsync()
    {
        var view = await SendAsync(new GetNodeSettings());
        return new SaveNodeSettings
        {
            Revision = view.Revision,
            NodeName = view.NodeName,
            ShortName = view.ShortName,
            ExalateUrl = view.ExalateUrl,
            TrackerKind = view.TrackerKind,
            TrackerUrl = view.TrackerUrl,
            TrackerAccountName = view.TrackerAccountName,
            DefaultProject = view.DefaultProject,
            DefaultEntityType = view.DefaultEntityType,
            AllowedNetworks = view.AllowedNetworks,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Database.DisposeAsync();
    }
}
