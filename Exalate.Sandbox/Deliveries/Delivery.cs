namespace Exalate.Sandbox.Deliveries;

/// <summary>One webhook call that has to be made; stored with the change that caused it, so a restart does not lose it.</summary>
internal sealed record Delivery
{
    public required long Id { get; init; }

    public required long WebhookId { get; init; }

    public required string Url { get; init; }

    public required string Body { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Attempts made so far.</summary>
    public int Attempts { get; init; }

    public required DateTimeOffset NextAttempt { get; init; }

    public DateTimeOffset? FirstFailure { get; init; }
}

/// <summary>How one attempt ended.</summary>
/// <param name="Status">Null: no answer (refused, reset, time-out).</param>
internal sealed record DeliveryOutcome(int? Status, string? Problem);
