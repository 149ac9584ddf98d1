using MediatR;

namespace Exalate.Tests.Console.Pages;

/// <summary>Answers the messages of a page as a test says, and keeps what was sent. A message without an answer fails the test with its name.</summary>
internal sealed class FakeMediator : IMediator
{
    private readonly Dictionary<Type, Func<object, CancellationToken, Task<object?>>> answers = [];
    private readonly List<object> sent = [];

    public void On<TRequest, TResponse>(Func<TRequest, TResponse> answer)
        where TRequest : IRequest<TResponse> =>
        answers[typeof(TRequest)] = (request, _) => Task.FromResult<object?>(answer((TRequest)request));

    public void OnAsync<TRequest, TResponse>(Func<TRequest, CancellationToken, Task<TResponse>> answer)
        where TRequest : IRequest<TResponse> =>
        answers[typeof(TRequest)] = async (request, token) => await answer((TRequest)request, token);

    /// <summary>Answers come when the test says so.</summary>
    public TaskCompletionSource<TResponse> Hold<TRequest, TResponse>()
        where TRequest : IRequest<TResponse>
    {
        var held = new TaskCompletionSource<TResponse>();
        OnAsync<TRequest, TResponse>((_, token) => held.Task.WaitAsync(token));
        return held;
    }

    public IReadOnlyList<T> Sent<T>()
    {
        lock (sent)
            return [.. sent.OfType<T>()];
    }

    public async Task<TResponse> Send<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken = default)
    {
        lock (sent)
            sent.Add(request);
        return answers.TryGetValue(request.GetType(), out var answer)
            ? (TResponse)(await answer(request, cancellationToken))!
            : throw new InvalidOperationException($"The test has no answer to {request.GetType().Name}.");
    }

    public Task Publish(object notification, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task Publish<TNotification>(TNotification notification, CancellationToken cancellationToken = default)
        where TNotification : INotification => throw new NotSupportedException();
}
