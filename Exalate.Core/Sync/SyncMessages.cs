using MediatR;

namespace Exalate.Core.Sync;

/// <summary>Brings an entity under sync on a connection: the first-sync dialog and <em>Sync an entity</em>.</summary>
/// <param name="Typed">What the person typed: a key in any case, a gid, a pasted browser URL.</param>
/// <remarks>Fails with <see cref="NotFound"/>, <see cref="Invalid"/> (not a key, another project) or <see cref="Conflict"/> (already under sync, not active), each with its sentence.</remarks>
public sealed record ExalateEntity(Guid ConnectionId, string Typed, string? By) : IRequest<Result<ExalateStarted>>;

/// <param name="TwinId">To follow with <see cref="GetTwinProgress"/>.</param>
public sealed record ExalateStarted(Guid TwinId, string EntityKey);

/// <summary>How far the work on a pair is. Null when there is no such twin.</summary>
public sealed record GetTwinProgress(Guid TwinId) : IRequest<TwinProgress?>;

/// <summary>Live view of a pair for the first-sync dialog.</summary>
public sealed record TwinProgress
{
    public required Guid TwinId { get; init; }

    public required Guid ConnectionId { get; init; }

    /// <summary>The phase under way; <see cref="SyncPhase.Synchronized"/> when all is done.</summary>
    public required SyncPhase Phase { get; init; }

    /// <summary>Key and link on this side.</summary>
    public required string? LocalKey { get; init; }

    public required string? LocalLink { get; init; }

    /// <summary>Key and link on the partner's side; null until known.</summary>
    public required string? RemoteKey { get; init; }

    public required string? RemoteLink { get; init; }

    /// <summary>Why the phase does not move on, in a sentence; null when it does. Example: "The node at https://b.example could not be reached (connection refused). Trying again in 10 s; nothing is lost."</summary>
    public string? Problem { get; init; }

    /// <summary>True when only an admin can help (the problem will not pass by itself).</summary>
    public bool NeedsAttention { get; init; }

    /// <summary>Something worth knowing. Example: "Created as 'Task': the project has no type 'Epic'."</summary>
    public string? Note { get; init; }

    /// <summary>Why a guard holds the pair's connection, so that nothing of it is sent or taken; null when none does. Example: "Stopped: 60 of 100 entities were deleted here. Decide on the Errors page."</summary>
    public string? Held { get; init; }

    /// <summary>The error with which the admin decides about it; null when the connection is not held. Example: "h5b0c2f0e7a3d4a0c9c0a6f6f0d2b7e11".</summary>
    public string? HeldError { get; init; }
}

/// <summary>The pairs of a connection, newest first, a page of 50.</summary>
public sealed record ListTwins(Guid ConnectionId, int Page = 1) : IRequest<IReadOnlyList<TwinProgress>>;

/// <summary>Tries a pair that waits for an admin again, now.</summary>
public sealed record RetryTwin(Guid TwinId, string? By) : IRequest<Result>;

/// <summary>Takes a pair out of sync on both sides. Both entities stay; a later <see cref="ExalateEntity"/> of either takes the pair up again.</summary>
public sealed record UnexalateEntity(Guid TwinId, string? By) : IRequest<Result>;
