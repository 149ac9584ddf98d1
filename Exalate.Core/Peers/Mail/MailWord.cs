using Exalate.Core.Connections;

namespace Exalate.Core.Peers.Mail;

/// <summary>What an admin is told about a partner that fetches.</summary>
internal static class MailWord
{
    /// <summary>A partner that is there asks every half minute.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(75);

    /// <summary>Null when the partner fetches its messages, or need not.</summary>
    public static string? NotAsked(Connection connection, DateTimeOffset now)
    {
        if (connection is not { Reach: Reach.OnlyTheyCall, Status: ConnectionStatus.Active } || now - (connection.MailAskedAt ?? connection.ActivatedAt ?? connection.CreatedAt) < Silence)
            return null;
        return connection.MailAskedAt is { } asked
            ? $"The partner's node has not asked for its messages since {asked:yyyy-MM-dd HH:mm:ss} UTC. This node can't call it; what waits is kept, and goes out when it asks again."
            : "The partner's node has not asked for its messages yet. This node can't call it; what waits is kept, and goes out when it asks.";
    }
}
