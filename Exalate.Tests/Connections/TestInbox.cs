using Exalate.Core.Peers;
using Exalate.Core.Sync;
using Microsoft.Extensions.Logging;

namespace Exalate.Tests.Connections;

/// <summary>Remembers what arrived; plays the engine's part.</summary>
internal sealed class TestInbox : ISyncInbox, IWebhookReceiver
{
    private readonly Lock gate = new();

    public List<(Guid ConnectionId, SyncRequestMessage Message)> Requests { get; } = [];

    public List<(Guid ConnectionId, SyncResultMessage Message)> Results { get; } = [];

    public Func<string, string, OutgoingAttachment?> Attachment { get; set; } = (_, _) => null;

    public InboxAnswer Answer { get; set; } = InboxAnswer.Stored;

    public List<(string RegistrationId, IReadOnlyDictionary<string, string> Headers, byte[] Body)> Webhooks { get; } = [];

    public WebhookAnswer WebhookAnswer { get; set; } = new(200);

    public Task<InboxAnswer> StoreRequestAsync(Guid connectionId, SyncRequestMessage message, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            Requests.Add((connectionId, message));
        }

        return Task.FromResult(Answer);
    }

    public Task<InboxAnswer> StoreResultAsync(Guid connectionId, SyncResultMessage message, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            Results.Add((connectionId, message));
        }

        return Task.FromResult(Answer);
    }

    public List<(bool IsResult, string EventId, string Sentence)> Refused { get; } = [];

    public Task RefusedAsync(Guid connectionId, bool isResult, string eventId, string sentence, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            Refused.Add((isResult, eventId, sentence));
        }

        return Task.CompletedTask;
    }

    public RecallAnswer Recalled { get; set; } = new([]);

    public List<RecallQuestion> Questions { get; } = [];

    public Task<RecallAnswer> RecallAsync(Guid connectionId, RecallQuestion question, CancellationToken cancellationToken)
    {
        lock (Questions)
            Questions.Add(question);
        return Task.FromResult(Recalled);
    }

    public Task<OutgoingAttachment?> OpenAttachmentAsync(Guid connectionId, string entityId, string attachmentId, CancellationToken cancellationToken) =>
        Task.FromResult(Attachment(entityId, attachmentId));

    public async Task<WebhookAnswer> ReceiveAsync(
        string registrationId, IReadOnlyDictionary<string, string> headers, Func<CancellationToken, Task<ReadOnlyMemory<byte>?>> readBodyAsync, CancellationToken cancellationToken)
    {
        if (await readBodyAsync(cancellationToken) is not { } body)
        {
            return new WebhookAnswer(413);
        }

        lock (gate)
        {
            Webhooks.Add((registrationId, headers, body.ToArray()));
        }

        return WebhookAnswer;
    }
}

/// <summary>Everything that was logged, as text, to hunt for secrets in.</summary>
internal sealed class TestLog : ILoggerProvider, ILogger
{
    private readonly List<string> lines = [];

    public string All
    {
        get
        {
            lock (lines)
            {
                return string.Join('\n', lines);
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines)
        {
            lines.Add(formatter(state, exception) + exception);
        }
    }

    public void Dispose()
    {
    }
}
