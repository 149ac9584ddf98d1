namespace Exalate.Core.Access;

/// <summary>A person who may sign in to this node's console. Every admin may do everything.</summary>
public sealed class AdminUser
{
    public const int MaxEmailLength = 254;

    public required Guid Id { get; init; }

    /// <summary>As typed; also the name shown beside what the admin did. Example: "kim@acme.example".</summary>
    public required string Email { get; set; }

    /// <summary>Upper case, unique: two spellings of one address are one admin.</summary>
    public required string NormalizedEmail { get; set; }

    /// <summary>Salted hash in ASP.NET Core Identity's format. Null: the admin can't sign in.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Changes whenever credentials change: open sessions and circuits with the old one end within a minute.</summary>
    public required string SecurityStamp { get; set; }

    /// <summary>Changes with every save: of two saves of the same state the second fails.</summary>
    public required string ConcurrencyStamp { get; set; }

    /// <summary>Wrong passwords in a row since the last success or lock-out.</summary>
    public int AccessFailedCount { get; set; }

    /// <summary>Until when sign-in is refused; null or past: not locked.</summary>
    public DateTimeOffset? LockoutEnd { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: never signed in.</summary>
    public DateTimeOffset? LastSignInAt { get; set; }
}
