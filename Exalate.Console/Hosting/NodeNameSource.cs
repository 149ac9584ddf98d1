using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Console.Hosting;

/// <summary>The node's name for the sign-in page, so that an admin of several consoles knows before which one they stand.</summary>
internal sealed class NodeNameSource(IDbContextFactory<ExalateDbContext> contexts)
{
    public async Task<string?> GetAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<NodeSettings>().Select(settings => settings.NodeName).FirstOrDefaultAsync(cancellationToken);
    }
}
