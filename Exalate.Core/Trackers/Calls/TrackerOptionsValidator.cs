using Exalate.Core.Trackers.Asana;
using Exalate.Core.Trackers.Jira;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Trackers.Calls;

/// <summary>Names every setting that can't work, with its value.</summary>
internal sealed class TrackerOptionsValidator : IValidateOptions<JiraOptions>, IValidateOptions<AsanaOptions>
{
    public ValidateOptionsResult Validate(string? name, JiraOptions options) => Result(
        [.. Problems("Jira", options.Http, options.PollOverlap, options.IndexLag),
         .. Within("Jira:PollPageSize", options.PollPageSize, 1, 5000)]);

    public ValidateOptionsResult Validate(string? name, AsanaOptions options) => Result([.. Problems("Asana", options.Http, options.PollOverlap, options.IndexLag)]);

    private static IEnumerable<string> Problems(string key, TrackerHttpOptions http, TimeSpan overlap, TimeSpan lag) =>
    [
        .. Within($"{key}:Http:AttemptTimeout", http.AttemptTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
        .. Within($"{key}:Http:Retries", http.Retries, 0, 10),
        .. Within($"{key}:Http:RetryDelay", http.RetryDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        .. Within($"{key}:Http:LongestWait", http.LongestWait, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        .. Within($"{key}:Http:StallTimeout", http.StallTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
        .. Within($"{key}:Http:ConcurrentReads", http.ConcurrentReads, 1, 1000),
        .. Within($"{key}:Http:ConcurrentWrites", http.ConcurrentWrites, 1, 1000),
        .. Within($"{key}:Http:FailuresBeforeBreak", http.FailuresBeforeBreak, 2, 100_000),
        .. Within($"{key}:Http:Break", http.Break, TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(1)),
        .. Within($"{key}:PollOverlap", overlap, TimeSpan.Zero, TimeSpan.FromDays(1)),
        .. Within($"{key}:IndexLag", lag, TimeSpan.Zero, TimeSpan.FromHours(1)),
    ];

    private static IEnumerable<string> Within<T>(string key, T value, T least, T most)
        where T : IComparable<T> =>
        value.CompareTo(least) < 0 || value.CompareTo(most) > 0 ? [$"Trackers:{key} is {value}; it must be between {least} and {most}."] : [];

    private static ValidateOptionsResult Result(IReadOnlyList<string> problems) => problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
}
