using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Sync.Engine;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Incoming;

/// <summary>
/// Links in the partner's texts to its entities, turned to their twins here: people on this side can open those. Applied to what is written, never to
/// what is compared with the partner's next replica.
/// </summary>
internal sealed class TwinLinks(IReadOnlyDictionary<string, string> targets)
{
    /// <summary>Links of one request that are looked up; who writes more than that gets the rest as it is.</summary>
    private const int MaxLinks = 500;

    public static async Task<TwinLinks> LoadAsync(PairContext pair, Replica replica, CancellationToken cancellationToken)
    {
        var links = new[] { replica.Description }.Concat(replica.Comments.Select(comment => comment.Body))
            .SelectMany(LinkTargets.Of).Distinct().Take(MaxLinks).ToList();
        if (links.Count == 0)
            return new TwinLinks(new Dictionary<string, string>());
        var found = await pair.Db.Twins.AsNoTracking()
            .Where(twin => twin.ConnectionId == pair.Connection.Id && twin.LocalLink != null && links.Contains(twin.RemoteLink!))
            .Select(twin => new { twin.RemoteLink, twin.LocalLink, twin.CreatedAt })
            .ToListAsync(cancellationToken);
        return new TwinLinks(found.OrderBy(twin => twin.CreatedAt).GroupBy(twin => twin.RemoteLink!)
            .ToDictionary(group => group.Key, group => group.Last().LocalLink!));
    }

    public RichDocument Turn(RichDocument document) => LinkTargets.Replace(document, targets);
}
