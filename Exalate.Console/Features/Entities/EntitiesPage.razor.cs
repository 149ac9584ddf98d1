using Exalate.Core;
using Exalate.Core.Settings;
using Exalate.Core.Sync;
using Exalate.Core.Sync.Conflicts;
using Exalate.Core.Sync.Entities;
using Microsoft.AspNetCore.Components;

namespace Exalate.Console.Features.Entities;

/// <summary>One entity on all its connections; without one, the conflicts of all.</summary>
public sealed partial class EntitiesPage
{
    private EntityStatusView? status;
    private ConflictPage? conflicts;
    private NodeSettingsView? settings;
    private (string? Urn, string? Page)? shown;
    private string? typed;
    private Guid connectionId;
    private PairStatusView? ending;
    private Anyway? anyway;

    [SupplyParameterFromQuery]
    public string? Urn { get; set; }

    [SupplyParameterFromQuery]
    public string? Page { get; set; }

    private int Current => int.TryParse(Page, out var page) && page > 0 ? page : 1;

    private int Pages => conflicts is null ? 1 : (conflicts.Total + conflicts.PageSize - 1) / conflicts.PageSize;

    private bool AsksAnyway => anyway is not null;

    protected override void OnInitialized() => KeepCurrent(RefreshAsync, NodeChange.Twins, NodeChange.Connections);

    protected override Task OnParametersSetAsync()
    {
        Urn = string.IsNullOrWhiteSpace(Urn) ? null : Urn.Trim();
        if (shown == (Urn, Page))
            return Task.CompletedTask;
        shown = (Urn, Page);
        (typed, status, conflicts) = (Urn, null, null);
        Actions.Clear();
        return RefreshAsync();
    }

    private Task RefreshAsync() => LoadAsync(async gone =>
    {
        var asked = shown;
        settings ??= await Mediator.Send(new GetNodeSettings(), gone);
        if (Urn is null)
        {
            var read = await Mediator.Send(new ListConflicts(null, Current), gone);
            if (asked == shown)
                conflicts = read;
            return null;
        }

        var found = await Mediator.Send(new GetEntityStatus(Urn), gone);
        if (asked != shown)
            return null;
        status = found;
        if (found.CanExalateOn.All(choice => choice.Id != connectionId))
            connectionId = found.CanExalateOn.Count > 0 ? found.CanExalateOn[0].Id : default;
        return null;
    });

    private void Search()
    {
        if (!string.IsNullOrWhiteSpace(typed))
            Navigation.NavigateTo($"/entities?urn={Uri.EscapeDataString(typed.Trim())}");
        else
            Navigation.NavigateTo("/entities");
    }

    private async Task<Error?> ExalateAsync(CancellationToken gone)
    {
        var result = await Mediator.Send(new ExalateEntity(connectionId, status!.Key!, await WhoAsync()), gone);
        await RefreshAsync();
        return result.Error;
    }

    private void AskToEnd(PairStatusView pair)
    {
        Actions.Clear();
        ending = pair;
    }

    private static string EndQuestion(PairStatusView pair) =>
        $"{pair.Progress.LocalKey ?? "The entity here"} and {pair.Progress.RemoteKey ?? "its twin"} are taken out of sync on {pair.ConnectionName}, and {pair.RemoteShortName} is told so. "
        + "Both entities stay as they are, with the copied comments and files; changes that are still on their way are given up. Exalate takes the pair up again.";

    private async Task<Error?> EndAsync(CancellationToken gone)
    {
        if (ending is not { } pair)
            return null;
        var result = await Mediator.Send(new UnexalateEntity(pair.Progress.TwinId, await WhoAsync()), gone);
        if (!result.IsSuccess)
            return result.Error;
        ending = null;
        await RefreshAsync();
        return null;
    }

    private async Task<Error?> RetryAsync(Guid twinId, CancellationToken gone)
    {
        var result = await Mediator.Send(new RetryTwin(twinId, await WhoAsync()), gone);
        await RefreshAsync();
        return result.Error;
    }

    private async Task<Error?> ReverseAsync(ConflictView conflict, CancellationToken gone)
    {
        var result = await Mediator.Send(new ReverseConflict(conflict.Id, await WhoAsync()), gone);
        if (result.Error is EditedSinceConflict newer)
        {
            anyway = new Anyway(conflict.Id, newer.Sentence);
            return null;
        }

        await RefreshAsync();
        return result.Error;
    }

    private async Task<Error?> ReverseAnywayAsync(CancellationToken gone)
    {
        if (anyway is not { } asked)
            return null;
        var result = await Mediator.Send(new ReverseConflict(asked.ConflictId, await WhoAsync(), Anyway: true), gone);
        if (!result.IsSuccess)
            return result.Error;
        anyway = null;
        await RefreshAsync();
        return null;
    }

    private sealed record Anyway(Guid ConflictId, string Sentence);
}
