using FsCheck;
using FsCheck.Fluent;

namespace Exalate.Tests.RichText;

/// <summary>How the property tests draw: the same documents in every run, so that a red build speaks of the change; other ones each time with <c>EXALATE_DRAWS=random</c>, to search.</summary>
internal static class Draws
{
    private const ulong Seed = 20_261_121;
    private const ulong Gamma = 9_157_613;

    public static Config Of(int count)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(count);
        return Environment.GetEnvironmentVariable("EXALATE_DRAWS") == "random" ? config : config.WithReplay(Seed, Gamma);
    }
}
