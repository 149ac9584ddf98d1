using System.Security.Claims;
using Exalate.Core;
using Exalate.Core.Access;
using Exalate.Core.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Console.Auth;

/// <summary>The ways into the console: sign in, sign out, make the first admin.</summary>
internal sealed class Entry(
    SignInManager<AdminUser> signIn,
    UserManager<AdminUser> users,
    IDbContextFactory<ExalateDbContext> contexts,
    AccessJournal journal,
    SetupLink setup,
    Sessions sessions,
    TimeProvider time,
    IRandomSource random)
{
    private static readonly Invalid WrongCredentials = new("The e-mail or the password is wrong.");

    // Guesses sent side by side would be counted as one: each waits for the one before.
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    // A hash that nothing matches, made once: an unknown address takes as long to refuse as a known one.
    private static readonly Lazy<string> NobodysHash = new(() => new PasswordHasher<AdminUser>().HashPassword(null!, Guid.Empty.ToString()));

    public async Task<bool> HasAdminAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<AdminUser>().AnyAsync(cancellationToken);
    }

    public async Task<Result> SignInAsync(string email, string password, bool remember, CancellationToken cancellationToken)
    {
        await OneAtATime.WaitAsync(cancellationToken);
        try
        {
            return await CheckAndSignInAsync(email, password, remember, cancellationToken);
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    /// <summary>Ends the session in every tab of this browser.</summary>
    public async Task SignOutAsync(ClaimsPrincipal user, string? inTab, CancellationToken cancellationToken)
    {
        await signIn.SignOutAsync();
        sessions.EndOf(user, inTab);
        if (user.Identity?.Name is { } email)
            await journal.WriteAsync(AuditAction.SignedOut, email, cancellationToken);
    }

    /// <summary>Makes the first admin with the one-time token and signs in. Fails without using the token up when e-mail or password can't be taken.</summary>
    public async Task<Result> SetUpAsync(string? token, string email, string password, CancellationToken cancellationToken)
    {
        if (!setup.TryTake(token))
            return new Forbidden("This set-up link is not valid, or not any more. The node's log has the current one.");
        var made = await CreateAdminAsync(email, password, onlyAsFirst: true, cancellationToken);
        if (!made.IsSuccess)
        {
            setup.GiveBack();
            return made.Error;
        }

        setup.Close();
        await signIn.SignInWithClaimsAsync(made.Value, isPersistent: false, [Sessions.New(random.NewGuid())]);
        await RememberSignInAsync(made.Value.Id, cancellationToken);
        return Result.Success;
    }

    public async Task<Result<AdminUser>> CreateAdminAsync(string email, string password, bool onlyAsFirst, CancellationToken cancellationToken)
    {
        if (onlyAsFirst && await HasAdminAsync(cancellationToken))
            return new Conflict("This node has an admin already. Sign in instead.");
        if (!EmailForm.IsOne(email))
            return new Invalid($"'{email}' is not an e-mail address.", "Email");
        var user = new AdminUser
        {
            Id = random.NewGuid(),
            Email = email,
            NormalizedEmail = users.NormalizeEmail(email)!,
            SecurityStamp = random.NewGuid().ToString("N"),
            ConcurrencyStamp = random.NewGuid().ToString("N"),
            CreatedAt = time.GetUtcNow(),
        };
        var made = await users.CreateAsync(user, password);
        if (!made.Succeeded)
            return new Invalid(string.Join(" ", made.Errors.Select(error => error.Description)), "Password");
        await journal.WriteAsync(AuditAction.AdminCreated, user.Email, cancellationToken);
        return user;
    }

    private async Task<Result> CheckAndSignInAsync(string email, string password, bool remember, CancellationToken cancellationToken)
    {
        var user = await users.FindByEmailAsync(email);
        if (user is null)
        {
            users.PasswordHasher.VerifyHashedPassword(null!, NobodysHash.Value, password);
            await journal.WriteAsync(AuditAction.SignInFailed, email, cancellationToken);
            return WrongCredentials;
        }

        var wasLocked = await users.IsLockedOutAsync(user);
        var outcome = await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (!outcome.Succeeded)
        {
            await journal.WriteAsync(outcome.IsLockedOut && !wasLocked ? AuditAction.LockedOut : AuditAction.SignInFailed, user.Email, cancellationToken);
            return outcome.IsLockedOut ? await LockedOutAsync(user.Id) : WrongCredentials;
        }

        await RememberSignInAsync(user.Id, cancellationToken);
        await signIn.SignInWithClaimsAsync(user, remember, [Sessions.New(random.NewGuid())]);
        await journal.WriteAsync(AuditAction.SignedIn, user.Email, cancellationToken);
        return Result.Success;
    }

    private async Task<Result> LockedOutAsync(Guid id)
    {
        var user = await users.FindByIdAsync(id.ToString());
        var minutes = Math.Max(1, (int)Math.Ceiling(((user?.LockoutEnd ?? time.GetUtcNow()) - time.GetUtcNow()).TotalMinutes));
        return new Forbidden($"Too many wrong passwords: this account is locked. Try again in {minutes} {(minutes == 1 ? "minute" : "minutes")}.");
    }

    private async Task RememberSignInAsync(Guid id, CancellationToken cancellationToken)
    {
        // Read again: counting failures may have saved the user since.
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Set<AdminUser>().SingleOrDefaultAsync(user => user.Id == id, cancellationToken) is not { } user)
            return;
        user.LastSignInAt = time.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
    }
}
