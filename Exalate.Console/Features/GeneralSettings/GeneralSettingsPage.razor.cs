using Exalate.Console.Shared;
using Exalate.Core;
using Exalate.Core.Settings;
using Exalate.Core.Trackers;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Exalate.Console.Features.GeneralSettings;

/// <summary>What an admin sets for the node. Saving says so when somebody else saved first; leaving with changes asks.</summary>
public sealed partial class GeneralSettingsPage
{
    private const string DraftKey = "exalate-settings";

    private NodeSettingsView? saved;
    private SettingsForm? form;
    private TrackerTestView? tested;
    private ActionState testing = null!;
    private ActionState leaving = null!;
    private string? leavingTo;
    private string? told;

    [Inject]
    public required Browser Browser { get; init; }

    private bool IsDirty => saved is not null && form is not null && form != SettingsForm.From(saved) with { Revision = form.Revision };

    private string? AddressExample => form?.TrackerKind switch
    {
        TrackerKind.Jira => "https://acme.atlassian.net",
        TrackerKind.Asana => "https://app.asana.com",
        TrackerKind.AzureDevOps => "https://dev.azure.com/acme",
        _ => null,
    };

    /// <summary>Why projects can't be chosen yet; null when they can.</summary>
    private string? CannotList => saved!.TrackerTokenSetAt is null
        ? "Save the tracker's address and token first; then its projects can be chosen here."
        : form!.IsOtherTracker(saved) ? "Save the changed tracker first; then its projects can be chosen here." : null;

    protected override Task OnInitializedAsync()
    {
        testing = new ActionState(StateHasChanged, Loggers.CreateLogger<GeneralSettingsPage>());
        leaving = new ActionState(StateHasChanged, Loggers.CreateLogger<GeneralSettingsPage>());
        KeepCurrent(LookAgainAsync, NodeChange.Settings);
        return StartAsync();
    }

    protected override void Dispose(bool disposing)
    {
        testing.Dispose();
        leaving.Dispose();
        base.Dispose(disposing);
    }

    private static void Nothing()
    {
        // Enter presses Save; the form itself goes nowhere.
    }

    private Task StartAsync() => LoadAsync(async gone =>
    {
        var read = await Mediator.Send(new GetNodeSettings(), gone);
        form = SettingsForm.FromJson(await Browser.ReadDraftAsync(DraftKey), read.Revision) ?? SettingsForm.From(read);
        saved = read;
        return null;
    });

    /// <summary>Someone saved: shown at once, unless this admin is in the middle of changes; those stay, with a word.</summary>
    private Task LookAgainAsync() => LoadAsync(async gone =>
    {
        var read = await Mediator.Send(new GetNodeSettings(), gone);
        var wasDirty = IsDirty;
        saved = read;
        if (!wasDirty && !Actions.IsBusy)
            form = SettingsForm.From(read);
        return null;
    });

    private Task ChangeAsync(SettingsForm changed)
    {
        tested = null;
        told = null;
        form = changed;
        return Browser.KeepDraftAsync(DraftKey, changed.ToJson());
    }

    private Task ChangeKindAsync(ChangeEventArgs change) =>
        ChangeAsync(form! with { TrackerKind = Enum.TryParse<TrackerKind>(change.Value?.ToString(), out var kind) ? kind : null });

    private async Task TakeSavedAsync()
    {
        Actions.Clear();
        await Browser.DropDraftAsync(DraftKey);
        await LoadAsync(async gone =>
        {
            saved = await Mediator.Send(new GetNodeSettings(), gone);
            form = SettingsForm.From(saved);
            return null;
        });
    }

    private async Task<Error?> SaveAsync(CancellationToken gone)
    {
        var result = await Mediator.Send(form!.ToMessage(await WhoAsync()), gone);
        if (!result.IsSuccess)
            return result.Error;
        await TakeSavedAsync();
        told = "Saved";
        return null;
    }

    private async Task<Error?> TestAsync(CancellationToken gone)
    {
        tested = null;
        if (form is not { TrackerKind: { } kind } asked)
            return null;
        var token = asked.TrackerToken.Trim() is { Length: > 0 } typed ? typed : null;
        var account = asked.TrackerAccountName.Trim() is { Length: > 0 } name ? name : null;
        var result = await Mediator.Send(new TestTracker(kind, asked.TrackerUrl.Trim(), account, token), gone);
        if (result.IsSuccess && form == asked)
            tested = result.Value;
        return result.Error;
    }

    private void BeforeLeaving(LocationChangingContext context)
    {
        if (!IsDirty)
            return;
        context.PreventNavigation();
        leavingTo = context.TargetLocation;
    }

    private async Task<Error?> LeaveAsync(CancellationToken gone)
    {
        var target = leavingTo!;
        form = SettingsForm.From(saved!);
        await Browser.DropDraftAsync(DraftKey);
        Navigation.NavigateTo(target);
        return null;
    }

    private string? IsWrong(string field) => Actions.Error is Invalid { Field: { } wrong } && wrong == field ? "true" : null;
}
