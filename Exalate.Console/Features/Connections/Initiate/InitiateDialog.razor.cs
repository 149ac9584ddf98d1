using Exalate.Console.Shared;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Settings;
using Microsoft.AspNetCore.Components;

namespace Exalate.Console.Features.Connections.Initiate;

/// <summary>The wizard of the inviting side. It makes one connection however often it is pressed, reloaded or repeated: the request's id is in its address.</summary>
public sealed partial class InitiateDialog
{
    private InitiateDraft? draft;
    private NodeSettingsView? settings;
    private IReadOnlyList<string> missing = [];
    private ActionState closing = null!;
    private bool asksToClose;

    [Inject]
    public required Browser Browser { get; init; }

    [Parameter, EditorRequired]
    public required Guid RequestId { get; set; }

    /// <summary>The connection stands, Pending; its invitation is to be shown.</summary>
    [Parameter, EditorRequired]
    public EventCallback<Guid> OnInitiated { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    private bool AsksForProject => settings?.Tracker?.AsksForProject ?? true;

    private bool IsOneProject => draft is { Project: { } first, OtherProject: { } second } && first.Id == second.Id;

    private bool IsStuck => missing.Count > 0;

    private bool CanGoOn => !IsStuck && draft!.Step switch
    {
        InitiateStep.Destination => draft.CanLeaveDestination,
        InitiateStep.Project => draft.Project is not null,
        InitiateStep.TwoProjects => draft is { Project: not null, OtherProject: not null } && !IsOneProject,
        InitiateStep.AdminAccess => draft.HasAdminAccess is not null,
        _ => true,
    };

    private string DraftKey => $"exalate-initiate-{RequestId:N}";

    protected override Task OnInitializedAsync()
    {
        closing = new ActionState(StateHasChanged, Loggers.CreateLogger<InitiateDialog>());
        KeepCurrent(CheckReadinessAsync, NodeChange.Settings);
        return StartAsync();
    }

    protected override void Dispose(bool disposing)
    {
        closing.Dispose();
        base.Dispose(disposing);
    }

    private static void Nothing()
    {
        // Enter presses the step's own button; the form itself goes nowhere.
    }

    private Task StartAsync() => LoadAsync(async gone =>
    {
        settings = await Mediator.Send(new GetNodeSettings(), gone);
        missing = await Mediator.Send(new GetConnectReadiness(), gone);
        draft = InitiateDraft.FromJson(await Browser.ReadDraftAsync(DraftKey)) ?? new InitiateDraft();
        return null;
    });

    private Task CheckReadinessAsync() => LoadAsync(async gone =>
    {
        missing = await Mediator.Send(new GetConnectReadiness(), gone);
        return null;
    });

    private Task KeepAsync(InitiateDraft changed)
    {
        draft = changed;
        return Browser.KeepDraftAsync(DraftKey, changed.ToJson());
    }

    private Task SwitchAsync(bool hasNoUrl) => Actions.RunAsync(async gone =>
    {
        var modes = hasNoUrl ? await Mediator.Send(new ListModesWithoutUrl(), gone) : null;
        await KeepAsync(draft!.WithSwitch(hasNoUrl, modes));
        return null;
    });

    private async Task<Error?> NextAsync(CancellationToken gone)
    {
        if (draft is not { } current || !CanGoOn)
            return null;
        if (current is { Step: InitiateStep.Destination, Modes: null })
            return await ProbeAsync(current, gone);
        await KeepAsync(current with { Step = current.Next(AsksForProject) });
        return null;
    }

    private async Task<Error?> ProbeAsync(InitiateDraft current, CancellationToken gone)
    {
        if (current.Url.Trim().Length == 0)
            return new Invalid("Enter the URL of the destination instance, or switch on “I don't have a URL”.", nameof(ProbeDestination.Url));
        var found = await Mediator.Send(new ProbeDestination(current.Url.Trim()), gone);
        // What was typed while the probe was under way is another destination.
        if (found.IsSuccess && draft!.Url == current.Url)
            await KeepAsync(draft.WithDestination(found.Value));
        return found.Error;
    }

    private async Task<Error?> PreviousAsync(CancellationToken gone)
    {
        await KeepAsync(draft! with { Step = draft!.Previous(AsksForProject) });
        return null;
    }

    private async Task<Error?> InitiateAsync(CancellationToken gone)
    {
        if (draft is not { Mode: { } mode } current || !CanGoOn)
            return null;
        // Without a URL there is nobody to hand the invitation to, and within one node none is needed.
        var hasAdminAccess = current is { HasNoUrl: false, IsLocal: false, HasAdminAccess: true };
        var result = await Mediator.Send(
            new InitiateConnection
            {
                RequestId = RequestId,
                DestinationUrl = current.HasNoUrl ? null : current.Destination!.NodeUrl,
                Mode = mode,
                Project = AsksForProject || current.IsLocal ? current.Project : null,
                OtherProject = current.IsLocal ? current.OtherProject : null,
                HasAdminAccess = hasAdminAccess,
                By = await WhoAsync(),
            },
            gone);
        if (!result.IsSuccess)
            return result.Error;
        await Browser.DropDraftAsync(DraftKey);
        if (hasAdminAccess && WebAddress.IsWeb(result.Value.RedirectUrl))
            Navigation.NavigateTo(result.Value.RedirectUrl!, forceLoad: true);
        else
            await OnInitiated.InvokeAsync(result.Value.ConnectionId);
        return null;
    }

    private Task CloseAsync()
    {
        if (draft is { IsWorthKeeping: true })
        {
            asksToClose = true;
            return Task.CompletedTask;
        }

        return OnClose.InvokeAsync();
    }

    private async Task<Error?> DiscardAsync(CancellationToken gone)
    {
        await Browser.DropDraftAsync(DraftKey);
        await OnClose.InvokeAsync();
        return null;
    }
}
