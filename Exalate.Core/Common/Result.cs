using System.Diagnostics.CodeAnalysis;

namespace Exalate.Core;

/// <summary>
/// An expected outcome that a person should read: what happened, to what, what the other side answered, what to do.
/// One sealed record per sentence, derived from the five meanings below.
/// </summary>
/// <param name="Sentence">Complete, in the words of the console, free of secrets. Example: "The invitation code is damaged: a part of it is missing. Copy it again and paste the whole text."</param>
public abstract record Error(string Sentence);

/// <summary>The thing named does not exist, or not any more.</summary>
public record NotFound(string Sentence) : Error(Sentence);

/// <summary>What was entered can't be right; nothing was changed.</summary>
/// <param name="Sentence">See <see cref="Error"/>.</param>
/// <param name="Field">Name of the message's property that is wrong, when it is one. Example: "DestinationUrl".</param>
public record Invalid(string Sentence, string? Field = null) : Error(Sentence);

/// <summary>What was asked contradicts the present state (already used, already under sync, changed by someone else).</summary>
public record Conflict(string Sentence) : Error(Sentence);

/// <summary>The caller may not do this.</summary>
public record Forbidden(string Sentence) : Error(Sentence);

/// <summary>A tracker, a peer or the database can't be reached or refused; trying again later may help.</summary>
public record Unavailable(string Sentence) : Error(Sentence);

/// <summary>The outcome of a use case without a value.</summary>
public sealed class Result
{
    private static readonly Result Succeeded = new(null);

    private Result(Error? error) => Error = error;

    /// <summary>Null exactly when the use case succeeded.</summary>
    public Error? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    public static Result Success => Succeeded;

    public static Result<T> Of<T>(T value) => value;

    public static implicit operator Result(Error error) => new(error);
}

/// <summary>The outcome of a use case: a value, or an <see cref="Error"/> a person can read.</summary>
public sealed class Result<T>
{
    private readonly T? value;

    private Result(T? value, Error? error)
    {
        this.value = value;
        Error = error;
    }

    /// <summary>Null exactly when the use case succeeded.</summary>
    public Error? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <exception cref="InvalidOperationException">The use case failed; look at <see cref="Error"/> first.</exception>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"There is no value: {Error.Sentence}");

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);
}
