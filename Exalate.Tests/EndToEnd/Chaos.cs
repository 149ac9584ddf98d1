using Exalate.Tests.Simulation;

namespace Exalate.Tests.EndToEnd;

/// <summary>The chaos run as its users start it: the built program, with processes of its own.</summary>
[Collection(Support.EndToEndCollection.Name)]
public sealed class Chaos
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task Twenty_kills_lose_double_and_part_nothing()
    {
        var said = await Programs.RunAsync(Patience, "chaos", "--kills", "20", "--seed", "7");
        Assert.Matches(@"kills +20,", said);
        Assert.Matches(@"lost +0\n", said);
        Assert.Matches(@"doubled +0\n", said);
        Assert.Matches(@"diverged +0\n", said);
    }
}
