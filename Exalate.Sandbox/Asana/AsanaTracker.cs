using Exalate.Sandbox.Asana.Endpoints;
using Exalate.Sandbox.Board;
using Exalate.Sandbox.Deliveries;
using Exalate.Sandbox.Faults;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

/// <summary>One Asana workspace: state, API, deliveries, board.</summary>
internal sealed class AsanaTracker : IAsyncDisposable
{
    private readonly SandboxOptions options;
    private readonly TrackerFaults faults;
    private readonly WebhookCaller caller;
    private readonly DeliveryPump pump;
    private readonly Heartbeats heartbeats;
    private TrackerServer? server;

    public AsanaTracker(SandboxOptions options, TrackerFaults faults)
    {
        this.options = options;
        this.faults = faults;
        State = new AsanaState(Path.Combine(options.DataFolder, "asana"), options.TimeProvider, options.IndexLag);
        Events = new EventLog(State);
        Stories = new StoryDesk(State, Events);
        Tasks = new TaskDesk(State, Events, Stories);
        Files = new FileDesk(State, Events, Stories);
        caller = new WebhookCaller(options.WebhookTimeout);
        pump = new DeliveryPump(
            State.Store, State.Deliveries, new AsanaDeliveryPolicy(State, options.WebhookRetryDelays, options.AsanaWebhookLife), caller,
            faults.Deliveries, options.TimeProvider);
        heartbeats = new Heartbeats(State, Events);
        AsanaSeed.Fill(State, options);
    }

    public AsanaState State { get; }

    public EventLog Events { get; }

    public StoryDesk Stories { get; }

    public TaskDesk Tasks { get; }

    public FileDesk Files { get; }

    public Uri Url => server?.Url ?? new Uri("http://127.0.0.1");

    public async Task StartAsync(int port, ControlEndpoints control, CancellationToken cancellationToken)
    {
        server = await TrackerServer.StartAsync("Asana", port, app => Map(app, control), cancellationToken);
        pump.Start();
        heartbeats.Start();
    }

    public SandboxTrackerOverview Overview() => State.Store.Read(() => new SandboxTrackerOverview(
        "Asana",
        Url,
        null,
        options.AsanaToken,
        [.. State.Users.All.Skip(1).Select(user => new SandboxPerson(user.Name, user.Email, user.Token))],
        [.. State.Projects.All.Select(project => new SandboxProject(project.Id.ToString(), project.Id.ToString(), project.Name))],
        [.. State.Projects.All.SelectMany(project => State.TasksOfProject[project.Id].Take(2)).Select(task => task.Id.ToString()).Distinct()]));

    public Task StopAsync(CancellationToken cancellationToken) => server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        await heartbeats.DisposeAsync();
        await pump.DisposeAsync();
        caller.Dispose();
        State.Dispose();
    }

    private void Map(WebApplication app, ControlEndpoints control)
    {
        var routes = new AsanaRoutes();
        var attachments = new AttachmentEndpoints(State, Files, options.AsanaUploadLimit);
        new WorkspaceEndpoints(State).Map(routes);
        new ProjectEndpoints(State, Events).Map(routes);
        new TaskEndpoints(State, Events, Tasks).Map(routes);
        new TaskPlaceEndpoints(State, Events, Tasks).Map(routes);
        new StoryEndpoints(State, Events, Stories).Map(routes);
        attachments.Map(routes);
        new SearchEndpoints(State, options.AsanaFreePlan).Map(routes);
        new EventEndpoints(State).Map(routes);
        new WebhookEndpoints(State, Events, caller, options.AllowLoopbackWebhooks).Map(routes);
        new BatchEndpoints(routes).Map();
        var gate = new AsanaGate(State, routes);
        var middleware = new FaultMiddleware(
            faults, options.Latency, AsanaGate.IsApi, context => (context.Items[AsanaGate.CallerItem] as AsanaUser)?.Name);
        app.Use((context, next) => middleware.InvokeAsync(context, next));
        app.Use((context, next) => BoardGuard.InvokeAsync(context, next, AsanaGate.IsApi));
        app.UseRouting();
        control.Map(app);
        app.Map(AsanaRequest.BasePath + "/{**path}", gate.HandleAsync);
        new BoardEndpoints(new AsanaBoard(State, Events, Tasks, Stories, Files, options.AsanaUploadLimit, () => Url.GetLeftPart(UriPartial.Authority)))
            .Map(app, "/0/{project}/{entity}", "/0/{project}/{entity}/f");
        app.MapGet("/0/{project:long}", context =>
        {
            context.Response.Redirect($"/?project={context.Request.RouteValues["project"]}");
            return Task.CompletedTask;
        });
        app.MapGet("/_files/{token}/{name}", attachments.DownloadAsync);
    }
}
