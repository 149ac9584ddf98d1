using System.Security.Claims;
using Exalate.Core;
using MediatR;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Exalate.Console.Shared;

/// <summary>What every page and dialog has: the way to send messages, its buttons' state, live updates that end with it.</summary>
public abstract class ConsoleComponent : ComponentBase, IDisposable
{
    private LiveUpdates? live;
    private ActionState? actions;
    private ILogger? logger;

    protected ConsoleComponent() => Lifetime = new CancellationTokenSource();

    [Inject]
    public required IMediator Mediator { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required INodeChanges Changes { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILoggerFactory Loggers { get; init; }

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>State of the component's buttons.</summary>
    protected ActionState Actions => actions ??= new ActionState(StateHasChanged, Logger);

    /// <summary>Why the last load failed; null when it did not.</summary>
    protected Error? LoadError { get; private set; }

    protected CancellationToken Gone => Lifetime.Token;

    private CancellationTokenSource Lifetime { get; }

    private ILogger Logger => logger ??= Loggers.CreateLogger(GetType());

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (Gone.IsCancellationRequested)
            return;
        Lifetime.Cancel();
        live?.Dispose();
        Actions.Dispose();
    }

    /// <summary>Runs a load; what goes wrong becomes <see cref="LoadError"/>.</summary>
    protected async Task LoadAsync(Func<CancellationToken, Task<Error?>> load)
    {
        var error = await Guarded.RunAsync(load, Logger, Gone);
        if (Gone.IsCancellationRequested)
            return;
        LoadError = error;
        StateHasChanged();
    }

    /// <summary>Reloads whenever something of the kinds changed on this node, in whatever browser or worker, and now and then anyway.</summary>
    protected void KeepCurrent(Func<Task> reload, params NodeChange[] kinds) =>
        live = new LiveUpdates(Changes, Time, () => InvokeAsync(reload), kinds);

    /// <summary>E-mail of the signed-in admin.</summary>
    protected async Task<string?> WhoAsync()
    {
        if (Authentication is null)
            return null;
        var user = (await Authentication).User;
        return user.FindFirstValue(ClaimTypes.Email) ?? user.Identity?.Name;
    }
}
