using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Sync.Errors;
using Microsoft.AspNetCore.Components;

namespace Exalate.Console.Features.Errors;

/// <summary>Open errors: why, since when, what to do; retry and ignore for one and for many.</summary>
public sealed partial class ErrorsPage
{
    private readonly HashSet<string> chosen = [];
    private ErrorsUrl url = new(new ErrorFilter());
    private ErrorPage? errors;
    private IReadOnlyList<ConnectionView> connections = [];
    private string? text;
    private string? done;
    private Asked? ignoring;
    private SyncErrorView? goingOn;

    [SupplyParameterFromQuery]
    public string? Scope { get; set; }

    [SupplyParameterFromQuery]
    public string? Connection { get; set; }

    [SupplyParameterFromQuery]
    public string? Text { get; set; }

    [SupplyParameterFromQuery]
    public string? Waiting { get; set; }

    [SupplyParameterFromQuery]
    public string? Page { get; set; }

    [SupplyParameterFromQuery]
    public string? Error { get; set; }

    private ErrorSelection Selection => new([.. chosen]);

    private ErrorSelection AllThatMatch => new([], url.Filter);

    private int Pages => errors is null ? 1 : (errors.Total + errors.PageSize - 1) / errors.PageSize;

    /// <summary>Connections, tracker and node are not among <em>all</em>: each has a question of its own.</summary>
    private string OfEntitiesWord => errors is { } page && page.OfEntities < page.Total ? " of entities" : "";

    private bool IsPageChosen => chosen.Count > 0 && errors!.Items.All(error => !CanBeChosen(error) || chosen.Contains(error.Id));

    private string CountWords => (chosen.Count, errors?.Total) switch
    {
        (0, 1) => "1 error",
        (0, var total) => $"{total} errors",
        (var some, var total) => $"{some} of {total} selected",
    };

    /// <summary>Together with others: something that can be done about it here, and no guard's question.</summary>
    internal static bool CanBeChosen(SyncErrorView error) => !error.IsHeld && (error.CanRetry || error.IgnoreMeans is not null);

    protected override void OnInitialized() => KeepCurrent(RefreshAsync, NodeChange.Twins, NodeChange.Progress, NodeChange.Connections, NodeChange.Settings);

    protected override Task OnParametersSetAsync()
    {
        var asked = ErrorsUrl.Read(Scope, Connection, Text, Waiting, Page, Error);
        if (errors is not null && asked == url)
            return Task.CompletedTask;
        url = asked;
        text = asked.Filter.Text;
        chosen.Clear();
        return RefreshAsync();
    }

    private Task RefreshAsync() => LoadAsync(async gone =>
    {
        var shown = url;
        var read = shown.Error is { } id
            ? new ErrorPage(await Mediator.Send(new GetError(id), gone) is { } error ? [error] : [], 1, 1)
            : await Mediator.Send(new ListErrors(shown.Filter, shown.Page), gone);
        // An answer to an address that was left meanwhile.
        if (shown != url)
            return null;
        // The last errors of the last page went away by themselves.
        if (read is { Items.Count: 0, Total: > 0 } && shown is { Error: null, Page: > 1 })
            Navigation.NavigateTo((shown with { Page = 1 }).ToString(), replace: true);
        errors = read;
        chosen.IntersectWith(read.Items.Select(error => error.Id));
        connections = await Mediator.Send(new ListConnections(), gone);
        return null;
    });

    private void SearchAsync() => GoTo(url.Filter with { Text = string.IsNullOrWhiteSpace(text) ? null : text.Trim() });

    private void ChooseScope(ChangeEventArgs change) => GoTo(url.Filter with { Scope = Enum.TryParse<ErrorScope>(change.Value as string, out var scope) ? scope : null });

    private void ChooseConnection(ChangeEventArgs change) => GoTo(url.Filter with { ConnectionId = Guid.TryParse(change.Value as string, out var id) ? id : null });

    private void ChooseWaiting(ChangeEventArgs change) => GoTo(url.Filter with { WaitingForAdmin = change.Value is true });

    private void GoTo(ErrorFilter filter)
    {
        done = null;
        Navigation.NavigateTo(url.With(filter).ToString());
    }

    private void Choose(string id, bool isChosen)
    {
        if (isChosen)
            chosen.Add(id);
        else
            chosen.Remove(id);
    }

    private void ChoosePage(ChangeEventArgs change)
    {
        chosen.Clear();
        if (change.Value is true)
            chosen.UnionWith(errors!.Items.Where(CanBeChosen).Select(error => error.Id));
    }

    private void AskToIgnore(ErrorSelection selection, int count, SyncErrorView? one = null)
    {
        Actions.Clear();
        done = null;
        var means = one is not null ? [one] : errors!.Items.Where(error => error.Scope == ErrorScope.Entity && (selection.AllOf is not null || selection.Ids.Contains(error.Id)));
        ignoring = new Asked(selection, count, [.. means.Select(error => error.IgnoreMeans).OfType<string>()], one is { IsHeld: true });
    }

    private void AskToGoOn(SyncErrorView held)
    {
        Actions.Clear();
        done = null;
        goingOn = held;
    }

    private async Task<Error?> RetryAsync(ErrorSelection selection, CancellationToken gone)
    {
        done = null;
        var result = await Mediator.Send(new RetryErrors(selection, await WhoAsync()), gone);
        if (!result.IsSuccess)
            return result.Error;
        await ShowAsync(result.Value, "tried again now", null);
        return null;
    }

    private async Task<Error?> GoOnAsync(CancellationToken gone)
    {
        if (goingOn is not { } held)
            return null;
        var result = await Mediator.Send(new RetryErrors(new ErrorSelection([held.Id]), await WhoAsync()), gone);
        if (!result.IsSuccess)
            return result.Error;
        goingOn = null;
        await ShowAsync(result.Value, "tried again now", $"{held.ConnectionName} goes on.");
        return null;
    }

    private async Task<Error?> IgnoreAsync(CancellationToken gone)
    {
        if (ignoring is not { } asked)
            return null;
        var result = await Mediator.Send(new IgnoreErrors(asked.Selection, await WhoAsync()), gone);
        if (!result.IsSuccess)
            return result.Error;
        ignoring = null;
        await ShowAsync(result.Value, "ignored", asked.IsHeld ? "Discarded: the connection goes on without it." : null);
        return null;
    }

    /// <param name="decided">Said instead when a held connection's question was answered: nothing was tried again, and no error was ignored.</param>
    private Task ShowAsync(ErrorsHandled handled, string what, string? decided)
    {
        chosen.Clear();
        done = handled is { Done: 1, Skipped: 0 } && decided is not null ? decided
            : handled is { Done: 0, Reason: not null } ? $"Nothing is {what}: {handled.Reason}"
            : $"{(handled.Done == 1 ? "1 error is" : $"{handled.Done} errors are")} {what}."
            + (handled.Skipped > 0 ? $" {handled.Skipped} not: {handled.Reason}" : "");
        return RefreshAsync();
    }

    /// <param name="Means">What ignoring would do to those that are in sight.</param>
    private sealed record Asked(ErrorSelection Selection, int Count, IReadOnlyList<string> Means, bool IsHeld);
}
