using Exalate.Core.Sync.Guards;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Hosting;

/// <summary>The ranges that stand beside each setting in <see cref="GuardOptions"/>.</summary>
internal sealed class GuardOptionsValidator : IValidateOptions<GuardOptions>
{
    public const string Section = "Exalate:Guards";

    public ValidateOptionsResult Validate(string? name, GuardOptions options)
    {
        var problems = new[]
        {
            Problem(nameof(options.Window), options.Window, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)),
            Problem(nameof(options.Removals), options.Removals, 0, 100_000),
            Problem(nameof(options.RemovalsPercent), options.RemovalsPercent, 1, 100),
            Problem(nameof(options.RemovalsAtLeast), options.RemovalsAtLeast, 2, 100_000),
            Problem(nameof(options.RemovalDelay), options.RemovalDelay, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            options.Changes == 0 ? null : Problem(nameof(options.Changes), options.Changes, 10, 1_000_000),
            Problem(nameof(options.ChangesPercent), options.ChangesPercent, 1, 100),
        }.OfType<string>().ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static string? Problem<T>(string key, T value, T low, T high)
        where T : IComparable<T> =>
        value.CompareTo(low) < 0 || value.CompareTo(high) > 0 ? $"{Section}:{key} is {value}. Use a value from {low} to {high}." : null;
}
