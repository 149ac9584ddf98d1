namespace Exalate.Tests.Sync;
/// <summary>Many pairs have something for a partner that does not answer.</summary>
public sealed class PartnerAway
{
    private const int Pairs = 30;

    [Fact]
    public async Task Pause_EachPauseCostsOneTry_HoweverManyPairsWait_AndAllGoOnWhenThePartnerAnswers()
    {
        await using var pair = await EnginePair.CreateAsync();
        pair.A.Wire.IsCut = true;
        for (var i = 0; i < Pairs; i++)
            await pair.A.ExalateAsync(pair.A.Tracker.Add($"summary {i}", "text").Id);
        await CountWorkAsync(pair);

        // 1 + 2 + 5 + 10 + 30 s of pauses, then every minute.
        var work = 0;
        for (var second = 0; second < 120; second++)
        {
            pair.Time.Advance(TimeSpan.FromSeconds(1));
            work += await CountWorkAsync(pair);
        }

        Assert.InRange(work, 3, 12);
        pair.A.Wire.IsCut = false;
        await pair.SettleForAsync(TimeSpan.FromSeconds(75));
        Assert.Equal(Pairs, pair.B.Tracker.Entities.Count);
    }

    [Fact]
    public async Task Pause_WhatArrivesFromThePartnerIsAppliedMeanwhile()
    {
        await using var pair = await EnginePair.CreateAsync();
        var issue = pair.A.Tracker.Add("from A", "text");
        var (_, copy) = await pair.ExalateAsync(issue.Id);
        pair.A.Wire.IsCut = true;
        pair.A.Tracker.Edit(issue.Id, entity => entity with { Summary = "edited while B is away" });
        await pair.A.ReportAsync(issue.Id);
        await pair.SettleAsync();

        pair.B.Tracker.Comment(copy, "Ben", "said over there");
        await pair.B.ReportAsync(copy);
        await pair.SettleAsync();

        Assert.Contains("said over there", pair.A.Tracker.Entities.Single().Comments.Single().Body.ToPlainText(), StringComparison.Ordinal);
    }

    private static async Task<int> CountWorkAsync(EnginePair pair)
    {
        var count = 0;
        while (await pair.A.WorkAsync())
            count++;
        return count;
    }
}
