using Exalate.Core.Access;
using Microsoft.AspNetCore.Identity;

namespace Exalate.Console.Auth;

/// <summary>Length before composition: at least 12 characters, not the address itself, not one of those that everybody tries first.</summary>
internal sealed class PasswordRules(DemoPasswords demo) : IPasswordValidator<AdminUser>
{
    public const int MinLength = 12;
    public const string InWords = "At least 12 characters. A few unrelated words make a good one.";

    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        DemoPasswords.Password, "password1234", "passwordpassword", "123456789012", "1234567890ab", "qwertyuiop12", "qwertyuiopas",
        "administrator", "adminadminadmin", "changemechangeme", "letmeinletmein", "welcome12345", "exalateexalate",
    };

    public Task<IdentityResult> ValidateAsync(UserManager<AdminUser> manager, AdminUser user, string? password) =>
        Task.FromResult(Problem(user, password ?? "") is { } problem
            ? IdentityResult.Failed(new IdentityError { Code = "WeakPassword", Description = problem })
            : IdentityResult.Success);

    private string? Problem(AdminUser user, string password)
    {
        if (demo.AreAllowed && password == DemoPasswords.Password)
            return null;
        if (password.Length < MinLength)
            return $"The password has {password.Length} characters; it needs at least {MinLength}.";
        if (password.Distinct().Count() < 5)
            return "The password repeats too few characters. Use at least five different ones.";
        if (Known.Contains(password))
            return "This password is on every list of passwords to try. Choose another one.";
        return password.Contains(user.Email, StringComparison.OrdinalIgnoreCase)
            ? "The password contains the e-mail address. Choose another one."
            : null;
    }
}

/// <summary>Whether this node belongs to the demo, whose password stands in the manual.</summary>
internal sealed record DemoPasswords(bool AreAllowed)
{
    public const string Email = "admin@example.com";
    public const string Password = "exalate-demo";
}
