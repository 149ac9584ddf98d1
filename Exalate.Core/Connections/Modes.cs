using Exalate.Core.Peers;
using MediatR;

namespace Exalate.Core.Connections;

/// <summary>Which of the three cards can be chosen, and why the others can't.</summary>
internal static class Modes
{
    public const string LocalLater = "Connections between two projects of one instance (local connections) come with the next release.";
    public const string PrivateLater = "Connections to a node without a URL (private connections) come with the next release.";

    public static IReadOnlyList<ModeChoice> With(PeerAbout about, string origin) =>
        All(about.Modes?.Contains(nameof(ConnectionMode.Basic)) == true ? null : $"The node at {origin} does not support Basic mode.");

    public static IReadOnlyList<ModeChoice> Local { get; } = All(LocalLater);

    public static IReadOnlyList<ModeChoice> WithoutUrl { get; } = All(PrivateLater);

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

internal sealed class ListModesWithoutUrlHandler : IRequestHandler<ListModesWithoutUrl, IReadOnlyList<ModeChoice>>
{
    public Task<IReadOnlyList<ModeChoice>> Handle(ListModesWithoutUrl request, CancellationToken cancellationToken) => Task.FromResult(Modes.WithoutUrl);
}
