using System.Globalization;

namespace Exalate.Sandbox.Jira;

/// <summary>Zones and Jira's timestamp format.</summary>
internal static class JiraClock
{
    /// <summary>Zone of the site: timestamps are written in it. Another than the users': who mixes the two up shall notice.</summary>
    public static readonly TimeZoneInfo Site = Find("America/New_York", TimeSpan.FromHours(-5));

    /// <summary>Example: 2026-01-01T10:00:00.000-0800.</summary>
    public static string Format(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, Site);
        var offset = local.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "");
        return local.ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture) + offset;
    }

    public static TimeZoneInfo Find(string id) => Find(id, TimeSpan.FromHours(1));

    private static TimeZoneInfo Find(string id, TimeSpan otherwise) =>
        // A machine may come without the zone data; a fixed offset keeps the behaviour.
        TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.CreateCustomTimeZone(id, otherwise, id, id);
}
