using System.Globalization;

namespace Exalate.Console.Shared;

/// <summary>Times as the reader of this circuit sees them: in the browser's zone, relative, moving on by themselves.</summary>
public sealed class BrowserTime(Browser browser, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(30);

    private ITimer? timer;

    /// <summary>What is shown may have changed. Raised on a timer's thread.</summary>
    public event Action? Changed;

    /// <summary>UTC until the browser said where it is.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>Asks the browser, once per circuit.</summary>
    public async Task StartAsync()
    {
        if (timer is not null)
            return;
        timer = time.CreateTimer(_ => Changed?.Invoke(), null, Tick, Tick);
        if (await browser.TimeZoneAsync() is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            Zone = zone;
        Changed?.Invoke();
    }

    /// <summary>Example: "3 May 2026, 14:05:09 (Europe/Berlin)".</summary>
    public string Exact(DateTimeOffset moment) =>
        $"{TimeZoneInfo.ConvertTime(moment, Zone).ToString("d MMMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture)} ({Zone.Id})";

    /// <summary>Example: "3 May", with the year when it is another one.</summary>
    public string Day(DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, Zone);
        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), Zone);
        return local.ToString(local.Year == now.Year ? "d MMMM" : "d MMMM yyyy", CultureInfo.InvariantCulture);
    }

    /// <summary>Example: "5 minutes ago", "in 6 days"; the day when it is more than a month away. What is past is full units, what is to come the nearest: a fortnight just given is 14 days.</summary>
    public string Relative(DateTimeOffset moment)
    {
        var age = time.GetUtcNow() - moment;
        var distance = age.Duration();
        if (distance < TimeSpan.FromMinutes(1))
            return age >= TimeSpan.Zero ? "just now" : "in less than a minute";
        if (distance > TimeSpan.FromDays(30))
            return Day(moment);
        if (age < TimeSpan.Zero)
            distance += HalfUnit(distance);
        var amount = distance switch
        {
            { TotalHours: < 1 } => Count((int)distance.TotalMinutes, "minute"),
            { TotalDays: < 1 } => Count((int)distance.TotalHours, "hour"),
            _ => Count((int)distance.TotalDays, "day"),
        };
        return age >= TimeSpan.Zero ? $"{amount} ago" : $"in {amount}";
    }

    public void Dispose() => timer?.Dispose();

    private static TimeSpan HalfUnit(TimeSpan distance) => distance switch
    {
        { TotalHours: < 1 } => TimeSpan.FromMinutes(0.5),
        { TotalDays: < 1 } => TimeSpan.FromHours(0.5),
        _ => TimeSpan.FromDays(0.5),
    };

    private static string Count(int number, string unit) => number == 1 ? $"1 {unit}" : $"{number} {unit}s";
}
