using Exalate.Console.Features.Connections.Initiate;
using Exalate.Core;
using Exalate.Core.Connections;
using Microsoft.AspNetCore.Components;

namespace Exalate.Console.Features.Connections;

/// <summary>The Connections tab: the list, always current, and whatever dialog its address opens.</summary>
public sealed partial class ConnectionsPage
{
    private IReadOnlyList<ConnectionView>? connections;
    private ConnectionsUrl? opened;
    private ConnectionsFilter filter = new();
    private string? text;
    private ConnectionView? revoking;
    private ConnectionView? deactivating;
    private ConnectionView? deleting;
    private int formerPairs;

    [Inject]
    public required IRandomSource Random { get; init; }

    [SupplyParameterFromQuery]
    public string? Dialog { get; set; }

    [SupplyParameterFromQuery]
    public string? Request { get; set; }

    [SupplyParameterFromQuery]
    public string? Connection { get; set; }

    [SupplyParameterFromQuery]
    public string? Twin { get; set; }

    [SupplyParameterFromQuery]
    public string? Offer { get; set; }

    [SupplyParameterFromQuery]
    public string? Text { get; set; }

    [SupplyParameterFromQuery]
    public string? Problem { get; set; }

    private string CountWords => connections!.Count(filter.Matches) is var shown && shown == connections!.Count ? $"{shown} connections" : $"{shown} of {connections!.Count} connections";

    protected override Task OnInitializedAsync()
    {
        KeepCurrent(RefreshAsync, NodeChange.Connections, NodeChange.Twins, NodeChange.Progress);
        return RefreshAsync();
    }

    protected override void OnParametersSet()
    {
        opened = ConnectionsUrl.Read(Dialog, Request, Connection, Twin, Offer);
        // A dialog has the address to itself; the list behind it stays as it was.
        if (opened is not null)
            return;
        filter = ConnectionsFilter.Read(Text, Problem);
        text = filter.Text;
    }

    private Task RefreshAsync() => LoadAsync(async gone =>
    {
        connections = await Mediator.Send(new ListConnections(), gone);
        formerPairs = await Mediator.Send(new CountFormerPairs(), gone);
        return null;
    });

    private void StartInitiating() => GoTo(new ConnectionsUrl.Initiate(Random.NewGuid()));

    private void StartAccepting() => GoTo(new ConnectionsUrl.Accept());

    private void Open(ConnectionView connection) => GoTo(new ConnectionsUrl.Opened(connection.Id));

    // From here on each step replaces the one before it in the browser's history: Back must not offer to initiate or confirm again.
    private void ShowInvitation(Guid connectionId) => GoTo(new ConnectionsUrl.Opened(connectionId), replace: true);

    private void ShowEstablished(ConnectionAccepted accepted) => GoTo(new ConnectionsUrl.Opened(accepted.ConnectionId), replace: true);

    private void ShowOffer(string? handle) => GoTo(handle is null ? new ConnectionsUrl.Accept() : new ConnectionsUrl.Offer(handle), replace: true);

    private void ShowTwin(Guid? twinId)
    {
        if (opened is ConnectionsUrl.Opened one)
            GoTo(one with { TwinId = twinId }, replace: true);
    }

    private void CloseDialog() => Navigation.NavigateTo(filter.ToString(), replace: true);

    private void Search() => Navigation.NavigateTo((filter with { Text = string.IsNullOrWhiteSpace(text) ? null : text.Trim() }).ToString());

    private void ChooseProblem(ChangeEventArgs change) => Navigation.NavigateTo((filter with { HasProblem = change.Value is true }).ToString());

    private void GoTo(ConnectionsUrl url, bool replace = false) => Navigation.NavigateTo(url.ToString(), replace: replace);

    private void AskToRevoke(ConnectionView connection)
    {
        Actions.Clear();
        revoking = connection;
    }

    private async Task<Error?> RevokeAsync(CancellationToken gone)
    {
        if (revoking is not { } connection)
            return null;
        var result = await Mediator.Send(new RevokeInvitation(connection.Id, await WhoAsync()), gone);
        if (!result.IsSuccess)
            return result.Error;
        revoking = null;
        await RefreshAsync();
        return null;
    }

    private Task ReissueAsync(ConnectionView connection) => Actions.RunAsync(async gone =>
    {
        var result = await Mediator.Send(new ReissueInvitation(connection.Id, await WhoAsync()), gone);
        if (result.IsSuccess)
            Open(connection);
        return result.Error;
    });

    private void Edit(ConnectionView connection) => Navigation.NavigateTo($"/connections/{connection.Id:D}");

    private void AskToDeactivate(ConnectionView connection)
    {
        Actions.Clear();
        deactivating = connection;
    }

    private async Task<Error?> DeactivateAsync(CancellationToken gone)
    {
        if (deactivating is not { } connection)
            return null;
        var result = await Mediator.Send(new DeactivateConnection(connection.Id, await WhoAsync()), gone);
        if (!result.IsSuccess)
            return result.Error;
        deactivating = null;
        await RefreshAsync();
        return null;
    }

    private Task ActivateAsync(ConnectionView connection) => Actions.RunAsync(async gone =>
    {
        var result = await Mediator.Send(new ActivateConnection(connection.Id, await WhoAsync()), gone);
        if (result.IsSuccess)
            await RefreshAsync();
        return result.Error;
    });

    private void AskToDelete(ConnectionView connection)
    {
        Actions.Clear();
        deleting = connection;
    }

    private Task DeletedAsync()
    {
        deleting = null;
        return RefreshAsync();
    }
}
