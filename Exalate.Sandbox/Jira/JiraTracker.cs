using System.Text.Json.Nodes;
using Exalate.Sandbox.Board;
using Exalate.Sandbox.Deliveries;
using Exalate.Sandbox.Faults;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Jira.Endpoints;

namespace Exalate.Sandbox.Jira;

/// <summary>One Jira site: state, API, deliveries, board.</summary>
internal sealed class JiraTracker : IAsyncDisposable
{
    private readonly SandboxOptions options;
    private readonly JiraEvents events;
    private readonly WebhookCaller caller;
    private readonly DeliveryPump pump;
    private TrackerServer? server;

    public JiraTracker(SandboxOptions options, TrackerFaults faults)
    {
        this.options = options;
        Faults = faults;
        State = new JiraState(Path.Combine(options.DataFolder, "jira"), options.TimeProvider, options.IndexLag);
        events = new JiraEvents(State, () => Url.GetLeftPart(UriPartial.Authority));
        Comments = new CommentDesk(State, events);
        Issues = new IssueDesk(State, events, Comments);
        Attachments = new AttachmentDesk(State, Issues, events);
        caller = new WebhookCaller(options.WebhookTimeout);
        pump = new DeliveryPump(
            State.Store, State.Deliveries, new JiraDeliveryPolicy(State, options.WebhookRetryDelays), caller, faults.Deliveries, options.TimeProvider);
        JiraSeed.Fill(State, options);
    }

    public JiraState State { get; }

    public TrackerFaults Faults { get; }

    public IssueDesk Issues { get; }

    public CommentDesk Comments { get; }

    public AttachmentDesk Attachments { get; }

    public Uri Url => server?.Url ?? new Uri("http://127.0.0.1");

    public async Task StartAsync(int port, ControlEndpoints control, CancellationToken cancellationToken)
    {
        server = await TrackerServer.StartAsync("Jira", port, app => Map(app, control), cancellationToken);
        pump.Start();
    }

    public SandboxTrackerOverview Overview() => State.Store.Read(() => new SandboxTrackerOverview(
        "Jira Cloud",
        Url,
        options.JiraEmail,
        options.JiraToken,
        [.. State.Users.All.Skip(1).Select(user => new SandboxPerson(user.DisplayName, user.Email, user.Token))],
        [.. State.Projects.All.Select(project => new SandboxProject(project.Id.ToString(), project.Key, project.Name))],
        [.. State.Projects.All.SelectMany(project => State.Issues.All.Where(issue => issue.ProjectId == project.Id).Take(2)).Select(issue => issue.Key)]));

    public Task StopAsync(CancellationToken cancellationToken) => server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        await pump.DisposeAsync();
        caller.Dispose();
        State.Dispose();
    }

    private void Map(WebApplication app, ControlEndpoints control)
    {
        var gate = new JiraGate(State);
        var faults = new FaultMiddleware(
            Faults, options.Latency, JiraGate.IsApi, context => (context.Items[JiraRoutes.CallerItem] as JiraUser)?.DisplayName);
        app.Use((context, next) => faults.InvokeAsync(context, next));
        app.Use((context, next) => gate.InvokeAsync(context, next));
        app.Use((context, next) => BoardGuard.InvokeAsync(context, next, JiraGate.IsApi));
        app.UseRouting();
        control.Map(app);
        var routes = new JiraRoutes(app);
        new SiteEndpoints(State).Map(routes);
        new ProjectEndpoints(State).Map(routes);
        new SearchEndpoints(State).Map(routes);
        new IssueEndpoints(State, Issues).Map(routes);
        new CommentEndpoints(State, Comments).Map(routes);
        new IssuePartsEndpoints(State, events).Map(routes);
        new AttachmentEndpoints(State, Attachments, options.JiraUploadLimit).Map(routes);
        new WebhookEndpoints(State, options.AllowLoopbackWebhooks).Map(routes);
        new BoardEndpoints(new JiraBoard(State, Issues, Comments, Attachments, options.JiraUploadLimit)).Map(app, "/browse/{entity}");
        app.MapPost("/_sandbox/move", MoveAsync);
        app.MapFallback("/rest/{**path}", JiraGate.NoEndpointAsync);
    }

    /// <summary>Moves an issue to another project, which the API has no simple call for: {"issue":"TEST-1","project":"COM"}.</summary>
    private async Task MoveAsync(HttpContext context)
    {
        var order = await JsonText.ParseAsync(context.Request.Body, context.RequestAborted);
        var answer = State.Store.Write(() =>
        {
            var issue = State.FindIssue(order.Get("issue").Text() ?? "");
            var project = State.FindProject(order.Get("project").Text() ?? "");
            return issue is null || project is null
                ? new ApiAnswer(404, new JsonObject { ["error"] = "No such issue or project." })
                : new ApiAnswer(200, new JsonObject { ["key"] = Issues.Move(State.Users.Find(2)!, issue, project).Key });
        });
        await answer.SendAsync(context);
    }
}
