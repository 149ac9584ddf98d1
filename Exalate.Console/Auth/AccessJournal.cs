using Exalate.Core.Access;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Console.Auth;

/// <summary>Writes down who came, who was refused and who left; forgets after 400 days.</summary>
internal sealed class AccessJournal(IDbContextFactory<ExalateDbContext> contexts, TimeProvider time, IHttpContextAccessor requests)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    public async Task WriteAsync(AuditAction action, string? actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Action = action,
            Actor = actor is { Length: > AdminUser.MaxEmailLength } ? actor[..AdminUser.MaxEmailLength] : actor,
            RemoteAddress = requests.HttpContext?.Connection.RemoteIpAddress?.ToString(),
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task ForgetOldAsync(CancellationToken cancellationToken)
    {
        const int AtOnce = 1000;
        var before = time.GetUtcNow() - Kept;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        List<AuditEntry> old;
        do
        {
            old = await db.Set<AuditEntry>().Where(entry => entry.At < before).OrderBy(entry => entry.At).Take(AtOnce).ToListAsync(cancellationToken);
            db.RemoveRange(old);
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
        while (old.Count == AtOnce);
    }
}
