using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Exalate.Core.Trackers.Calls;

/// <summary>
/// Where a poll stands: how far changes were told, the page it is on, and which changes of the overlap were told already. Opaque to everyone else, and
/// at most about 35 kB: when more changes than <see cref="Capacity"/> fall into one overlap, the oldest of them are told again.
/// </summary>
internal sealed class PollCursor
{
    internal const int Capacity = 2000;

    private const int EntryBytes = 12;

    private readonly List<Told> told;
    private readonly HashSet<Told> lookup;
    private DateTimeOffset newest;

    private PollCursor(DateTimeOffset watermark, DateTimeOffset newest, string? pageToken, List<Told> told)
    {
        Watermark = watermark;
        this.newest = newest;
        PageToken = pageToken;
        this.told = told;
        lookup = [.. told];
    }

    /// <summary>Everything up to here was told, but for what the vendor's index still held back.</summary>
    public DateTimeOffset Watermark { get; private set; }

    /// <summary>The vendor's token within a walk, null at its start.</summary>
    public string? PageToken { get; set; }

    public static PollCursor Load(string? saved, DateTimeOffset since)
    {
        if (saved is null || !JsonReading.TryParse(Encoding.UTF8.GetBytes(saved), out var json) || json.Whole("w") is not { } watermark)
        {
            return new PollCursor(since, since, null, []);
        }

        var newest = json.Whole("n") ?? watermark;
        return new PollCursor(FromMs(watermark), FromMs(newest), json.Text("p"), Unpack(json.Text("t"), json.Whole("b") ?? 0));
    }

    /// <summary>False when this very change was told before.</summary>
    public bool IsNew(string id, DateTimeOffset updated)
    {
        if (updated > newest)
        {
            newest = updated;
        }

        var entry = new Told(updated.ToUnixTimeMilliseconds(), Hash(id));
        if (!lookup.Add(entry))
        {
            return false;
        }

        told.Add(entry);
        return true;
    }

    /// <summary>Goes on to the next page, or ends the walk: only then does the watermark move.</summary>
    public void EndPage(string? nextToken)
    {
        PageToken = nextToken;
        if (nextToken is null)
        {
            Watermark = newest;
        }
    }

    public string Save(TimeSpan overlap, int capacity = Capacity)
    {
        var oldest = (Watermark - overlap).ToUnixTimeMilliseconds();
        var kept = told.Where(t => t.At >= oldest && t.At - oldest <= uint.MaxValue).OrderBy(t => t.At).TakeLast(capacity).ToList();
        var json = new JsonObject { ["w"] = Watermark.ToUnixTimeMilliseconds(), ["n"] = newest.ToUnixTimeMilliseconds() };
        if (PageToken is not null)
        {
            json["p"] = PageToken;
        }

        if (kept.Count > 0)
        {
            json["b"] = oldest;
            json["t"] = Pack(kept, oldest);
        }

        return json.ToJsonString();
    }

    private static string Pack(List<Told> entries, long start)
    {
        var bytes = new byte[entries.Count * EntryBytes];
        for (var i = 0; i < entries.Count; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * EntryBytes), (uint)(entries[i].At - start));
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan((i * EntryBytes) + 4), entries[i].Id);
        }

        return Convert.ToBase64String(bytes);
    }

    private static List<Told> Unpack(string? packed, long start)
    {
        var bytes = new byte[(packed?.Length ?? 0) + 3];
        if (packed is null || !Convert.TryFromBase64String(packed, bytes, out var length))
        {
            return [];
        }

        var entries = new List<Told>();
        for (var i = 0; i + EntryBytes <= length; i += EntryBytes)
        {
            entries.Add(new Told(start + BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(i)), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(i + 4))));
        }

        return entries;
    }

    // 64 bits: that two ids of one millisecond share one is out of reach.
    private static ulong Hash(string id) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private static DateTimeOffset FromMs(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private readonly record struct Told(long At, ulong Id);
}
