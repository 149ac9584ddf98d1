using System.Text.Json;
using System.Text.Json.Nodes;

namespace Exalate.Core.Trackers.Calls;

/// <summary>One call of a vendor's API.</summary>
/// <param name="Method">GET, and POST with <see cref="ReadsByPost"/>, count as reads: they may be repeated.</param>
/// <param name="Path">Relative to the API's base, escaped. Example: "issue/TEST-1?fields=summary".</param>
/// <param name="Doing">Completes "could not …" in a sentence; names the entity, holds no content. Example: "read issue TEST-1".</param>
internal sealed record TrackerCall(HttpMethod Method, string Path, string Doing)
{
    /// <summary>Made anew for every attempt.</summary>
    public Func<HttpContent>? Content { get; init; }

    public bool ReadsByPost { get; init; }

    /// <summary>A 404 is an answer, not a failure.</summary>
    public bool MayBeMissing { get; init; }

    /// <summary>One more status that is an answer with a body (Asana's first sync token comes with a 412).</summary>
    public int? AlsoGood { get; init; }

    /// <summary>The call proves address and account: a 403 refuses the account, a 404 the address.</summary>
    public bool ProvesAccess { get; init; }

    /// <summary>Header against cross-site requests that Jira wants on uploads.</summary>
    public bool SkipsXsrfCheck { get; init; }

    /// <summary>Goes to an address the vendor named, without our credential: a refusal there says nothing about our token.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Longer than the usual time-out, for uploads.</summary>
    public TimeSpan? Timeout { get; init; }

    public bool IsRead => Method == HttpMethod.Get || ReadsByPost;

    public static TrackerCall Get(string path, string doing) => new(HttpMethod.Get, path, doing);

    public static TrackerCall Post(string path, JsonNode body, string doing) => new(HttpMethod.Post, path, doing) { Content = Json(body) };

    public static TrackerCall Put(string path, JsonNode body, string doing) => new(HttpMethod.Put, path, doing) { Content = Json(body) };

    public static TrackerCall Delete(string path, string doing) => new(HttpMethod.Delete, path, doing) { MayBeMissing = true };

    private static Func<HttpContent> Json(JsonNode body)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, JsonReading.WriteOptions);
        return () =>
        {
            var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
            return content;
        };
    }
}

/// <summary>What came back. <see cref="Body"/> is null for an empty answer.</summary>
internal sealed record TrackerAnswer(int Status, JsonNode? Body)
{
    public bool IsMissing => Status == 404;
}
