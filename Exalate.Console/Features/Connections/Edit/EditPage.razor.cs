using Exalate.Core;
using Exalate.Core.Connections;
using Microsoft.AspNetCore.Components;

namespace Exalate.Console.Features.Connections.Edit;

/// <summary>One connection with all that can be seen and changed of it, always current.</summary>
public sealed partial class EditPage
{
    private ConnectionDetails? details;
    private Guid shown;
    private bool wasRead;
    private bool isLeaving;
    private EditTab chosen;
    private Asking asking;

    private enum Asking
    {
        Nothing,
        Name,
        Deactivation,
        Deletion,
    }

    [Parameter]
    public Guid Id { get; set; }

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    private ConnectionView Connection => details!.Connection;

    protected override void OnInitialized() => KeepCurrent(RefreshAsync, NodeChange.Connections, NodeChange.Settings);

    protected override Task OnParametersSetAsync()
    {
        chosen = EditUrl.Read(Tab);
        if (shown == Id)
            return Task.CompletedTask;
        (shown, details, wasRead, asking) = (Id, null, false, Asking.Nothing);
        return RefreshAsync();
    }

    private Task RefreshAsync() => LoadAsync(async gone =>
    {
        // Deleted by this very page: it goes back to the list instead of saying that there is no such connection.
        if (isLeaving)
            return null;
        details = await Mediator.Send(new GetConnectionDetails(Id), gone);
        wasRead = true;
        return null;
    });

    private void Ask(Asking what)
    {
        Actions.Clear();
        asking = what;
        isLeaving = what == Asking.Deletion;
    }

    private async Task<Error?> DeactivateAsync(CancellationToken gone)
    {
        var result = await Mediator.Send(new DeactivateConnection(Connection.Id, await WhoAsync()), gone);
        if (!result.IsSuccess)
            return result.Error;
        asking = Asking.Nothing;
        await RefreshAsync();
        return null;
    }

    private async Task<Error?> ActivateAsync(CancellationToken gone)
    {
        var result = await Mediator.Send(new ActivateConnection(Connection.Id, await WhoAsync()), gone);
        if (result.IsSuccess)
            await RefreshAsync();
        return result.Error;
    }

    private void BackToList() => Navigation.NavigateTo(ConnectionsUrl.List);
}
