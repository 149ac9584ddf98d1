using Exalate.Core;
using Exalate.Core.Access;
using Exalate.Core.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Console.Auth;

/// <summary>ASP.NET Core Identity on the core's plain entity. A context per call: Identity keeps its store for a whole request or circuit.</summary>
internal sealed class AdminUserStore(IDbContextFactory<ExalateDbContext> contexts, Sessions sessions, IRandomSource random)
    : IUserPasswordStore<AdminUser>, IUserEmailStore<AdminUser>, IUserLockoutStore<AdminUser>, IUserSecurityStampStore<AdminUser>
{
    public async Task<IdentityResult> CreateAsync(AdminUser user, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Add(user);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return IdentityResult.Success;
        }
        catch (DbUpdateException exception) when (exception.IsDuplicate())
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().DuplicateEmail(user.Email));
        }
    }

    public async Task<IdentityResult> UpdateAsync(AdminUser user, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var stamp = await db.Set<AdminUser>().AsNoTracking().Where(row => row.Id == user.Id).Select(row => row.SecurityStamp).SingleOrDefaultAsync(cancellationToken);
        db.Attach(user);
        db.Entry(user).State = EntityState.Modified;
        user.ConcurrencyStamp = random.NewGuid().ToString("N");
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            if (stamp != user.SecurityStamp)
                sessions.EndAllWith(stamp);
            return IdentityResult.Success;
        }
        catch (DbUpdateConcurrencyException)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        }
    }

    public async Task<IdentityResult> DeleteAsync(AdminUser user, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Remove(user);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            sessions.EndAllWith(user.SecurityStamp);
            return IdentityResult.Success;
        }
        catch (DbUpdateConcurrencyException)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        }
    }

    public async Task<AdminUser?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(userId, out var id))
            return null;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<AdminUser>().AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken);
    }

    // The e-mail is the user name.
    public Task<AdminUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        FindByEmailAsync(normalizedUserName, cancellationToken);

    public async Task<AdminUser?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<AdminUser>().AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedEmail == normalizedEmail, cancellationToken);
    }

    public Task<string> GetUserIdAsync(AdminUser user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(AdminUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task<string?> GetEmailAsync(AdminUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task<string?> GetNormalizedUserNameAsync(AdminUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedEmail);

    public Task<string?> GetNormalizedEmailAsync(AdminUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedEmail);

    public Task<bool> GetEmailConfirmedAsync(AdminUser user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<string?> GetPasswordHashAsync(AdminUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(AdminUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task<string?> GetSecurityStampAsync(AdminUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task<int> GetAccessFailedCountAsync(AdminUser user, CancellationToken cancellationToken) => Task.FromResult(user.AccessFailedCount);

    public Task<bool> GetLockoutEnabledAsync(AdminUser user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(AdminUser user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnd);

    public Task SetUserNameAsync(AdminUser user, string? userName, CancellationToken cancellationToken) => SetEmailAsync(user, userName, cancellationToken);

    public Task SetEmailAsync(AdminUser user, string? email, CancellationToken cancellationToken) => Set(() => user.Email = email ?? "");

    public Task SetNormalizedUserNameAsync(AdminUser user, string? normalizedName, CancellationToken cancellationToken) =>
        SetNormalizedEmailAsync(user, normalizedName, cancellationToken);

    public Task SetNormalizedEmailAsync(AdminUser user, string? normalizedEmail, CancellationToken cancellationToken) =>
        Set(() => user.NormalizedEmail = normalizedEmail ?? "");

    // Nothing to set: addresses are not confirmed by mail, lock-out holds for everyone.
    public Task SetEmailConfirmedAsync(AdminUser user, bool confirmed, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetLockoutEnabledAsync(AdminUser user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetPasswordHashAsync(AdminUser user, string? passwordHash, CancellationToken cancellationToken) => Set(() => user.PasswordHash = passwordHash);

    public Task SetSecurityStampAsync(AdminUser user, string stamp, CancellationToken cancellationToken) => Set(() => user.SecurityStamp = stamp);

    public Task SetLockoutEndDateAsync(AdminUser user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) => Set(() => user.LockoutEnd = lockoutEnd);

    public Task ResetAccessFailedCountAsync(AdminUser user, CancellationToken cancellationToken) => Set(() => user.AccessFailedCount = 0);

    public Task<int> IncrementAccessFailedCountAsync(AdminUser user, CancellationToken cancellationToken) => Task.FromResult(++user.AccessFailedCount);

    public void Dispose()
    {
        // Contexts live for one call each.
    }

    private static Task Set(Action change)
    {
        change();
        return Task.CompletedTask;
    }
}
