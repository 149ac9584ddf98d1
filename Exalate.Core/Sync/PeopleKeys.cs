using Exalate.Core.Connections;
using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;

namespace Exalate.Core.Sync;

/// <summary>
/// Matches people of two sites by e-mail address without telling the address: the sender adds a keyed hash for everybody it addresses, the receiver compares it with the hashes
/// of its own people. Nobody is guessed by name.
/// </summary>
internal sealed class PeopleKeys(PeopleDirectory directory, ISecretProtector secrets)
{
    /// <summary>More people than anybody addresses at one entity.</summary>
    private const int MaxPeople = 1_000;

    /// <summary>The replica with the keys of the people whom its texts address, as far as the tracker reveals their addresses.</summary>
    public async Task<Replica> AddAsync(Connection connection, Replica replica, ITracker tracker, string? projectId, CancellationToken cancellationToken)
    {
        var addressed = replica.Comments.Select(comment => comment.Body).Prepend(replica.Description).SelectMany(References.People)
            .Where(mention => mention.Id is not null && mention.System == tracker.Realm).Select(mention => mention.Id!).Distinct().Take(MaxPeople).ToHashSet(StringComparer.Ordinal);
        // On one and the same site ids are ids.
        if (addressed.Count == 0 || connection.Type == ConnectionType.Local || Read(connection.ProtectedSecret) is not { } secret)
            return replica;
        var keys = (await directory.OfAsync(tracker, projectId, cancellationToken))
            .Where(person => person.Email is not null && addressed.Contains(person.Id))
            .ToDictionary(person => person.Id, person => PersonKey.Of(secret, person.Email!));
        return keys.Count == 0 ? replica : replica with { People = keys };
    }

    /// <summary>Who of this site's people is addressed, for each of the partner's ids that has a key. Two people with one address are nobody.</summary>
    public async Task<IReadOnlyDictionary<string, TrackerPerson>> MatchAsync(
        Connection connection, IReadOnlyDictionary<string, string> keys, ITracker tracker, string? projectId, CancellationToken cancellationToken)
    {
        // A key that was made shortly before the secret changed is one of the secret before.
        var known = new[] { connection.ProtectedSecret, connection.ProtectedPreviousSecret, connection.ProtectedNextSecret }.Select(Read).OfType<string>().ToList();
        if (keys.Count == 0 || known.Count == 0)
            return new Dictionary<string, TrackerPerson>();
        var people = (await directory.OfAsync(tracker, projectId, cancellationToken)).Where(person => person.Email is not null)
            .SelectMany(person => known.Select(secret => (Key: PersonKey.Of(secret, person.Email!), Person: person)))
            .ToLookup(pair => pair.Key, pair => pair.Person);
        return keys.Take(MaxPeople).Where(pair => people[pair.Value].Count() == 1).ToDictionary(pair => pair.Key, pair => people[pair.Value].Single());
    }

    private string? Read(string? protectedSecret)
    {
        try
        {
            return protectedSecret is null ? null : secrets.Unprotect(protectedSecret);
        }
        catch (SecretUnreadableException)
        {
            // The calls to the partner say so; here it only means that nobody can be matched.
            return null;
        }
    }
}
