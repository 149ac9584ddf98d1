using Exalate.Core.Sync;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Hosting;

/// <summary>The ranges that stand beside each setting in <see cref="SyncOptions"/>.</summary>
internal sealed class SyncOptionsValidator : IValidateOptions<SyncOptions>
{
    public const string Section = "Exalate:Sync";

    public ValidateOptionsResult Validate(string? name, SyncOptions options)
    {
        var problems = new[]
        {
            Problem(nameof(options.Workers), options.Workers, 1, 64),
            Problem(nameof(options.PairsPerConnection), options.PairsPerConnection, 1, 64),
            Problem(nameof(options.PairsPerTracker), options.PairsPerTracker, 1, 256),
            Problem(nameof(options.Lease), options.Lease, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(300)),
            Problem(nameof(options.Idle), options.Idle, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60)),
            Problem(nameof(options.PollInterval), options.PollInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Problem(nameof(options.BackupPollInterval), options.BackupPollInterval, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)),
            Problem(nameof(options.CreateSettles), options.CreateSettles, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            Problem(nameof(options.ResendAfter), options.ResendAfter, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)),
            Problem(nameof(options.Retention), options.Retention, TimeSpan.FromDays(1), TimeSpan.FromDays(365)),
        }.OfType<string>().ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static string? Problem<T>(string key, T value, T low, T high)
        where T : IComparable<T> =>
        value.CompareTo(low) < 0 || value.CompareTo(high) > 0 ? $"{Section}:{key} is {value}. Use a value from {low} to {high}." : null;
}
