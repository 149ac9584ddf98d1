using System.Text.Json;
using Exalate.Core.Peers.Signing;
using Exalate.Core.Replicas;

namespace Exalate.Core.Peers;

/// <summary>A partner's HTTP request, as the server received it.</summary>
public sealed record PeerCall
{
    /// <summary>Example: "POST".</summary>
    public required string Method { get; init; }

    /// <summary>The raw request target, still escaped: signatures are over it. Example: "/peer/v1/connections/5f…/requests".</summary>
    public required string PathAndQuery { get; init; }

    /// <summary>Names in any case; several values of a name joined by ", ".</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Read at most once, and only as far as the limit of the call.</summary>
    public required Stream Body { get; init; }

    /// <summary>Example: "203.0.113.7".</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>Null when it is longer than the limit.</summary>
    internal async Task<byte[]?> ReadBodyAsync(int maxBytes, CancellationToken cancellationToken)
    {
        using var collected = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (collected.Length + read > maxBytes)
            {
                return null;
            }

            collected.Write(buffer, 0, read);
        }

        return collected.ToArray();
    }
}

/// <summary>What the server answers. Dispose after it was sent: a file may hang on it.</summary>
public sealed class PeerReply : IAsyncDisposable
{
    private PeerReply(int status, string contentType)
    {
        Status = status;
        ContentType = contentType;
    }

    public int Status { get; }

    public string ContentType { get; }

    /// <summary>Beside content type and length.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private init; } = new Dictionary<string, string>();

    /// <summary>The whole body, when there is no <see cref="File"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; private init; }

    /// <summary>A body that is too large for memory, positioned at its start; null when <see cref="Body"/> holds it.</summary>
    public Stream? File { get; private init; }

    public ValueTask DisposeAsync() => File?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal static PeerReply Json<T>(int status, T value) =>
        new(status, "application/json") { Body = JsonSerializer.SerializeToUtf8Bytes(value, ReplicaJson.Options) };

    /// <param name="retryAfter">Whole seconds are sent.</param>
    internal static PeerReply Problem(int status, string code, string? detail = null, TimeSpan? retryAfter = null) => new(status, "application/problem+json")
    {
        Body = JsonSerializer.SerializeToUtf8Bytes(new PeerProblem(status, code, detail), ReplicaJson.Options),
        Headers = retryAfter is { } pause
            ? new Dictionary<string, string> { ["Retry-After"] = Math.Max(1, (int)Math.Ceiling(pause.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture) }
            : new Dictionary<string, string>(),
    };

    /// <param name="digest">Its <c>Content-Digest</c>.</param>
    internal static PeerReply OfFile(Stream file, string digest) => new(200, "application/octet-stream") { File = file, fileDigest = digest };

    /// <summary>The <c>Content-Digest</c> of what is sent.</summary>
    internal string Digest => fileDigest ?? ContentDigest.Of(Body.Span);

    private string? fileDigest;

    internal PeerReply With(IReadOnlyDictionary<string, string> headers) => new(Status, ContentType)
    {
        Body = Body,
        File = File,
        fileDigest = fileDigest,
        Headers = Headers.Concat(headers).ToDictionary(),
    };
}
