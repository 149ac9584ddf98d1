using Exalate.Core.Peers;
using Exalate.Core.Settings;
using MediatR;

namespace Exalate.Core.Connections;

/// <summary>Which of the three cards can be chosen, and why the others can't.</summary>
internal static class Modes
{
    /// <summary>Neither side could make a request.</summary>
    public const string BothPrivate = "This node has no Exalate URL, so a destination without a URL and this node could never reach each other. Enter this node's Exalate URL in General Settings, or enter the URL of the destination.";

    public static IReadOnlyList<ModeChoice> With(PeerAbout about, string origin) =>
        All(about.Modes?.Contains(nameof(ConnectionMode.Basic)) == true ? null : $"The node at {origin} does not support Basic mode.");

    public static IReadOnlyList<ModeChoice> Local { get; } = All(null);

    /// <summary>The destination can't be called, so what it supports is not known.</summary>
    /// <param name="hasOwnUrl">Whether this node can be called.</param>
    public static IReadOnlyList<ModeChoice> WithoutUrl(bool hasOwnUrl) => All(hasOwnUrl ? null : BothPrivate);

    public static string? DisabledBecause(ConnectionMode mode) => mode switch
    {
        ConnectionMode.Basic => null,
        ConnectionMode.Visual => "Visual mode is not available in this version of Exalate.",
        ConnectionMode.Script => "Script mode is not available in this version of Exalate.",
        _ => "This mode is not available in this version of Exalate.",
    };

    private static IReadOnlyList<ModeChoice> All(string? basicDisabledBecause) =>
    [
        new(ConnectionMode.Basic, basicDisabledBecause),
        new(ConnectionMode.Visual, DisabledBecause(ConnectionMode.Visual)),
        new(ConnectionMode.Script, DisabledBecause(ConnectionMode.Script)),
    ];
}

internal sealed class ListModesWithoutUrlHandler(NodeSettingsStore settings) : IRequestHandler<ListModesWithoutUrl, IReadOnlyList<ModeChoice>>
{
    public async Task<IReadOnlyList<ModeChoice>> Handle(ListModesWithoutUrl request, CancellationToken cancellationToken) =>
        Modes.WithoutUrl((await settings.ReadAsync(cancellationToken)).ExalateUrl is not null);
}
