using System.Net;
using Exalate.Console.Endpoints;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Connections.Life;
using Exalate.Core.Http;
using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Exalate.Core.Trackers;
using Exalate.Tests.Peers;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exalate.Tests.Connections;

/// <summary>A whole node but for its screens and its engine: core, SQLite file, Kestrel on a free port of 127.0.0.1.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly string shortName;
    private readonly TrackerKind kind;
    private readonly Action<PeerOptions>? configure;
    private WebApplication app = null!;
    private string url = "http://127.0.0.1:0";

    private TestNode(string shortName, TrackerKind kind, TestDatabase database, Action<PeerOptions>? configure)
    {
        this.shortName = shortName;
        this.kind = kind;
        this.configure = configure;
        Database = database;
    }

    public TestDatabase Database { get; }

    public TestClock Clock { get; init; } = new(TestClock.Noon);

    public TestTrackers Trackers { get; } = new();

    public TestInbox Inbox { get; } = new();

    public TestLog Log { get; } = new();

    public string Url => url;

    public IServiceProvider Services => app.Services;

    public static TrackerProject Project { get; } = new("10", "TEST", "Test");

    public static async Task<TestNode> StartAsync(string shortName, TrackerKind kind = TrackerKind.Jira, TestClock? clock = null, Action<PeerOptions>? configure = null, bool isPrivate = false)
    {
        var node = new TestNode(shortName, kind, await TestDatabase.CreateAsync(), configure) { Clock = clock ?? new TestClock(TestClock.Noon) };
        await node.RunAsync();
        await node.SetUpAsync(isPrivate);
        return node;
    }

    /// <summary>Stops answering; the database stays.</summary>
    public async Task StopAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    /// <summary>Comes back on the same port with the same database.</summary>
    public Task RestartAsync() => RunAsync();

    public Task<T> SendAsync<T>(IRequest<T> request) => Services.GetRequiredService<IMediator>().Send(request);

    public async Task<Connection> ConnectionAsync()
    {
        await using var db = Database.CreateDbContext();
        return await db.Connections.AsNoTracking().SingleAsync();
    }

    public async Task<IReadOnlyList<Connection>> ConnectionsAsync()
    {
        await using var db = Database.CreateDbContext();
        return await db.Connections.AsNoTracking().ToListAsync();
    }

    public Task RunChoresAsync() => Services.GetRequiredService<PeerChores>().RunAsync(default);

    /// <summary>One round of telling partners.</summary>
    public Task DeliverNoticesAsync() => Services.GetRequiredService<NoticeCourier>().DeliverDueAsync(default);

    public async Task<ConnectionInitiated> InitiateAsync(TestNode destination, bool hasAdminAccess = false)
    {
        var outcome = await SendAsync(Initiation(destination.Url) with { HasAdminAccess = hasAdminAccess });
        Assert.True(outcome.IsSuccess, outcome.Error?.Sentence);
        return outcome.Value;
    }

    /// <param name="destinationUrl">Null: the destination has none.</param>
    public InitiateConnection Initiation(string? destinationUrl) => new()
    {
        RequestId = Ids.New(),
        DestinationUrl = destinationUrl,
        Mode = ConnectionMode.Basic,
        Project = kind == TrackerKind.Asana ? null : Project,
        HasAdminAccess = false,
        By = $"admin@{shortName}.example",
    };

    public async Task<string> CodeAsync(Guid connectionId) => (await SendAsync(new GetInvitation(connectionId))).Value.Code!;

    public async Task<Result<ConnectionAccepted>> AcceptAsync(string code)
    {
        var offer = await SendAsync(new ReadInvitation(code));
        return offer.IsSuccess ? await ConfirmAsync(offer.Value.Handle) : offer.Error;
    }

    public Task<Result<ConnectionAccepted>> ConfirmAsync(string handle) =>
        SendAsync(new AcceptInvitation(handle, kind == TrackerKind.Asana ? null : Project, $"admin@{shortName}.example"));

    /// <summary>The whole way with an invitation; the ids of the connection on both sides.</summary>
    public async Task<(Guid Here, Guid There)> ConnectAsync(TestNode partner)
    {
        var made = await InitiateAsync(partner);
        var accepted = await partner.AcceptAsync(await CodeAsync(made.ConnectionId));
        Assert.True(accepted.IsSuccess, accepted.Error?.Sentence);
        return (made.ConnectionId, accepted.Value.ConnectionId);
    }

    /// <summary>As <see cref="ConnectAsync"/>, with a partner that this node can't call.</summary>
    public async Task<(Guid Here, Guid There)> ConnectPrivateAsync(TestNode partner)
    {
        var made = await SendAsync(Initiation(null));
        Assert.True(made.IsSuccess, made.Error?.Sentence);
        var accepted = await partner.AcceptAsync(await CodeAsync(made.Value.ConnectionId));
        Assert.True(accepted.IsSuccess, accepted.Error?.Sentence);
        return (made.Value.ConnectionId, accepted.Value.ConnectionId);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Database.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton<IDbContextFactory<ExalateDbContext>>(Database);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton<ISecretProtector>(new TestSecrets(shortName));
        builder.Services.AddSingleton<ITrackerFactory>(Trackers);
        builder.Services.AddSingleton<ISyncInbox>(Inbox);
        builder.Services.AddSingleton<IWebhookReceiver>(Inbox);
        builder.Services.AddExalateCore();
        if (configure is not null)
        {
            builder.Services.Configure(configure);
        }

        // Workers of the core would run beside the test; what they do is called by name here.
        foreach (var worker in builder.Services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Assembly == typeof(ExalateCore).Assembly).ToList())
        {
            builder.Services.Remove(worker);
        }

        app = builder.Build();
        app.MapPeerEndpoints();
        app.MapWebhookEndpoints();
        await app.Services.SeedSettingsAsync();
        await app.StartAsync();
        url = app.Urls.Single();
    }

    private async Task SetUpAsync(bool isPrivate)
    {
        var outcome = await SendAsync(new SaveNodeSettings
        {
            Revision = 0,
            NodeName = $"Node of {shortName}",
            ShortName = shortName,
            ExalateUrl = isPrivate ? null : url,
            TrackerKind = kind,
            TrackerUrl = kind == TrackerKind.Asana ? "https://app.asana.com" : $"https://{shortName}.tracker.example",
            TrackerAccountName = "proxy@example.com",
            TrackerToken = $"token-of-{shortName}",
            DefaultProject = kind == TrackerKind.Asana ? new TrackerProject("1200", "1200", "Tasks") : null,
            DefaultEntityType = kind == TrackerKind.Asana ? "Task" : null,
            AllowedNetworks = IPAddress.Loopback + "\n::1",
        });
        Assert.True(outcome.IsSuccess, outcome.Error?.Sentence);
    }
}
