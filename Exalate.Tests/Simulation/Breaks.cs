namespace Exalate.Tests.Simulation;

/// <summary>Each safeguard that is switched off is missed by one of the first 200 seeds: the simulation can fail.</summary>
[Collection(SimulationCollection.Name)]
public sealed class Breaks
{
    private const int Seeds = 200;

    public static TheoryData<string> Names => [.. Break.All.Select(broken => broken.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ASafeguardThatIsSwitchedOff_IsMissed(string name)
    {
        var found = SeedRunner.Find(Break.All.Single(broken => broken.Name == name), 1, Seeds, Environment.ProcessorCount);
        Assert.True(found is not null, $"Nothing was broken in {Seeds} seeds without '{name}'.");
    }

    [Fact]
    public void EveryPromise_HasASafeguardThatCanBeSwitchedOff() => Assert.Equal(Enumerable.Range(1, 8), Break.All.Select(broken => broken.Promise).Distinct().Order());
}
