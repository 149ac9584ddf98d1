using Exalate.Console.Shared;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Settings;
using Exalate.Core.Sync.Errors;
using Microsoft.AspNetCore.Components;

namespace Exalate.Console.Features.GettingStarted;

/// <summary>What to do first, and how far this node is.</summary>
public sealed partial class GettingStartedPage
{
    private NodeSettingsView? settings;
    private IReadOnlyList<ConnectionView>? connections;
    private int errors;

    private string TrackerName => settings?.TrackerKind is { } kind ? TrackerNames.Product(kind) : "Your tracker";

    private string EntityWord => settings?.Tracker?.EntityWord ?? "entity";

    /// <summary>One that a guard holds only where there is no other: nothing can be tried out on it.</summary>
    private ConnectionView? FirstActive => connections?.Where(connection => connection.Status == ConnectionStatus.Active).OrderBy(connection => connection.IsHeld).FirstOrDefault();

    private int EntitiesInSync => connections?.Sum(connection => connection.EntitiesInSync) ?? 0;

    /// <summary>The step to do next; 4 when all are done.</summary>
    private int NextStep => settings is { Missing.Count: > 0 } ? 1 : FirstActive is null ? 2 : EntitiesInSync == 0 ? 3 : 4;

    private string ConnectionSentence => connections switch
    {
        null or { Count: 0 } => "Initiate a connection and send the invitation to your partner, or accept the invitation you were sent.",
        _ when FirstActive is null && connections.All(connection => connection.Status == ConnectionStatus.Deactivated) => "Your connections are deactivated: activate one, or make a new one.",
        _ when FirstActive is null => "A connection waits for your partner to accept the invitation.",
        [_] => "You have one connection.",
        _ => $"You have {connections.Count} connections.",
    };

    private string SyncSentence => (FirstActive, EntitiesInSync) switch
    {
        (null, _) => "As soon as a connection is active you name what is to be synchronized; from then on every change travels by itself.",
        (_, 0) => $"Name your first {EntityWord} and see how it works.",
        (_, 1) => "One entity is in sync.",
        (_, var count) => $"{count} entities are in sync.",
    };

    protected override Task OnInitializedAsync()
    {
        KeepCurrent(ReadAsync, NodeChange.Settings, NodeChange.Connections, NodeChange.Twins, NodeChange.Progress);
        return ReadAsync();
    }

    private Task ReadAsync() => LoadAsync(async gone =>
    {
        settings = await Mediator.Send(new GetNodeSettings(), gone);
        connections = await Mediator.Send(new ListConnections(), gone);
        errors = await Mediator.Send(new CountErrors(), gone);
        return null;
    });

    private bool IsDone(int step) => step switch
    {
        1 => settings is { Missing.Count: 0 },
        2 => FirstActive is not null,
        _ => EntitiesInSync > 0,
    };

    private string StateOf(int step) => IsDone(step) ? "is-done" : step == NextStep ? "is-next" : "is-later";

    private string LinkLook(int step) => step == NextStep ? "rz-button rz-button-md rz-variant-filled rz-primary rz-shade-default" : "exalate-plain-link";

    private RenderFragment Mark(int step) => builder =>
    {
        if (!IsDone(step))
        {
            builder.AddContent(0, $"{step}.");
            return;
        }

        builder.OpenComponent<Icon>(1);
        builder.AddComponentParameter(2, nameof(Icon.Name), IconName.Done);
        builder.AddComponentParameter(3, nameof(Icon.Class), "exalate-good");
        builder.CloseComponent();
        builder.AddMarkupContent(4, "<span class=\"visually-hidden\">Done:</span>");
    };
}
