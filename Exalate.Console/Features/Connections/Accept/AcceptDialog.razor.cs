using Exalate.Console.Shared;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Trackers;
using Microsoft.AspNetCore.Components;

namespace Exalate.Console.Features.Connections.Accept;

/// <summary>
/// The accepting side: a pasted code, or what the inviter's node handed over when its admin is admin here, too. Both end on the screen with <em>Confirm</em>.
/// The address then carries the offer's handle, never the code.
/// </summary>
public sealed partial class AcceptDialog
{
    private readonly string id = ElementIds.Next("code");
    private string pasted = "";
    private InvitationOffer? offer;
    private TrackerProject? project;
    private ActionState closing = null!;
    private bool asksToClose;
    private string? seenHandle;
    private bool wantsCode;

    /// <summary>Handle of an offer from the address; null: a code is to be pasted.</summary>
    [Parameter]
    public string? Handle { get; set; }

    /// <summary>The address should carry this handle from now on, or none.</summary>
    [Parameter, EditorRequired]
    public EventCallback<string?> OnHandle { get; set; }

    [Parameter, EditorRequired]
    public EventCallback<ConnectionAccepted> OnAccepted { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    protected override void OnInitialized() => closing = new ActionState(StateHasChanged, Loggers.CreateLogger<AcceptDialog>());

    protected override Task OnParametersSetAsync()
    {
        if (Handle == seenHandle)
            return Task.CompletedTask;
        seenHandle = Handle;
        wantsCode = false;
        if (Handle is not null && Handle == offer?.Handle)
            return Task.CompletedTask;
        offer = null;
        return Handle is null ? Task.CompletedTask : ReadOfferAsync();
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

    private Task ReadOfferAsync() => LoadAsync(async gone =>
    {
        var read = await Mediator.Send(new ReadOffer(Handle!), gone);
        if (read.IsSuccess)
            offer = read.Value;
        return read.Error;
    });

    private async Task<Error?> ReadCodeAsync(CancellationToken gone)
    {
        if (pasted.Trim().Length == 0)
            return new Invalid("Paste the invitation code first.", nameof(ReadInvitation.Code));
        var read = await Mediator.Send(new ReadInvitation(pasted), gone);
        if (!read.IsSuccess)
            return read.Error;
        offer = read.Value;
        await OnHandle.InvokeAsync(read.Value.Handle);
        return null;
    }

    private async Task<Error?> PreviousAsync(CancellationToken gone)
    {
        if (WebAddress.IsWeb(offer?.BackUrl))
        {
            Navigation.NavigateTo(offer!.BackUrl!, forceLoad: true);
            return null;
        }

        offer = null;
        wantsCode = true;
        await OnHandle.InvokeAsync(null);
        return null;
    }

    private async Task<Error?> ConfirmAsync(CancellationToken gone)
    {
        var accepted = await Mediator.Send(new AcceptInvitation(offer!.Handle, offer.AsksForProject ? project : null, await WhoAsync()), gone);
        if (accepted.IsSuccess)
            await OnAccepted.InvokeAsync(accepted.Value);
        return accepted.Error;
    }

    private Task CloseAsync()
    {
        if (offer is null && pasted.Trim().Length == 0)
            return OnClose.InvokeAsync();
        asksToClose = true;
        return Task.CompletedTask;
    }

    private async Task<Error?> LeaveAsync(CancellationToken gone)
    {
        await OnClose.InvokeAsync();
        return null;
    }
}
