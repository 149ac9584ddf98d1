using Exalate.Core.Trackers;

namespace Exalate.Core.Settings;

/// <summary>The node's own tracker as General Settings has it now. Thread-safe.</summary>
public interface ITrackerProvider
{
    /// <summary>Null when address, kind or token are not set. The same object until one of them changes.</summary>
    /// <exception cref="TrackerException"><c>Misconfigured</c>: the stored token can't be decrypted.</exception>
    Task<ITracker?> GetAsync(CancellationToken cancellationToken);
}

internal sealed class TrackerProvider(NodeSettingsStore settings, ITrackerFactory trackers, ISecretProtector secrets) : ITrackerProvider
{
    private volatile Cached? cached;

    public async Task<ITracker?> GetAsync(CancellationToken cancellationToken)
    {
        var current = await settings.ReadAccessAsync(cancellationToken);
        if (current is not { Kind: { } kind, Url: { } url, ProtectedToken: { } token })
        {
            return null;
        }

        if (cached is { } known && known.Access == current)
        {
            return known.Tracker;
        }

        var made = new Cached(current, trackers.Create(new TrackerAccess(kind, new Uri(url), current.AccountName, Reveal(token))));
        cached = made;
        return made.Tracker;
    }

    private string Reveal(string token)
    {
        try
        {
            return secrets.Unprotect(token);
        }
        catch (SecretUnreadableException e)
        {
            throw new TrackerException(FailureCategory.Misconfigured, $"The stored tracker token can't be read. {e.Message} Enter the token again in General Settings.", e);
        }
    }

    private sealed record Cached(StoredAccess Access, ITracker Tracker);
}
