using Exalate.Core.Peers;

namespace Exalate.Core.Connections.Life;

/// <summary>Why something can't be done with a connection now, and what its partner does not know yet, in the words of the console.</summary>
internal static class ConnectionWords
{
    /// <summary>Null when the partner's address can be corrected.</summary>
    public static string? AddressFixedBecause(Connection connection) => Common(connection)
        ?? (connection.Reach == Reach.OnlyTheyCall ? $"{connection.RemoteShortName} can't be called: it fetches what waits here, so it has no address to correct." : null);

    /// <summary>Null when the secret can be rotated.</summary>
    public static string? SecretFixedBecause(Connection connection) => Common(connection);

    public static SecretStanding StandingOf(Connection connection) => connection switch
    {
        { ProtectedSecret: null } => SecretStanding.None,
        { ProtectedNextSecret: not null, NextSecretIsOurs: true } => SecretStanding.Offered,
        { ProtectedNextSecret: not null } => SecretStanding.OfferedByPartner,
        { ProtectedPreviousSecret: not null, PreviousSecretUntil: null } => SecretStanding.Confirming,
        _ => SecretStanding.Agreed,
    };

    /// <summary>Null for steps of a rotation, which has words of its own.</summary>
    public static string? NotToldYet(ConnectionNotice notice, string partner)
    {
        var what = notice.Kind switch
        {
            NoticeKind.Activated => "that the connection is active again",
            NoticeKind.Deactivated => "that the connection is deactivated",
            NoticeKind.Moved => "this node's new Exalate URL",
            NoticeKind.SecretWanted => "that the secret is to be replaced",
            _ => null,
        };
        return what is null ? null : $"{partner} was not told {what} yet.{(notice.Problem is { } problem ? " " + problem : "")} This node keeps trying.";
    }

    private static string? Common(Connection connection) => connection switch
    {
        { PartnerDeletedAt: not null } => $"{connection.RemoteShortName} deleted this connection.",
        { Type: ConnectionType.Local } => "Both projects are on this node: nothing goes over the network, so there is neither an address nor a secret.",
        { ProtectedSecret: null } => "The connection is not established yet.",
        _ => null,
    };
}
