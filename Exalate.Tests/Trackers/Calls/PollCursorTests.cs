using Exalate.Core.Trackers.Calls;

namespace Exalate.Tests.Trackers.Calls;

public sealed class PollCursorTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    [Fact]
    public void IsNew_SameChangeInTheOverlap_ToldOnceAcrossSaves()
    {
        var first = PollCursor.Load(null, Start);
        Assert.True(first.IsNew("1", Start.AddSeconds(5)));
        first.EndPage(null);

        var second = PollCursor.Load(first.Save(Overlap), default);

        Assert.False(second.IsNew("1", Start.AddSeconds(5)));
        Assert.True(second.IsNew("1", Start.AddSeconds(6)));
        Assert.True(second.IsNew("2", Start.AddSeconds(5)));
    }

    [Fact]
    public void EndPage_WithinAWalk_WatermarkStaysUntilTheLastPage()
    {
        var walk = PollCursor.Load(null, Start);
        walk.IsNew("1", Start.AddHours(1));
        walk.EndPage("next");
        var middle = PollCursor.Load(walk.Save(Overlap), default);

        Assert.Equal((Start, "next"), (middle.Watermark, middle.PageToken));
        middle.EndPage(null);
        Assert.Equal(Start.AddHours(1), middle.Watermark);
    }

    [Fact]
    public void Save_TenThousandChangesInOneOverlap_StaysSmall()
    {
        var walk = PollCursor.Load(null, Start);
        for (var i = 0; i < 10_000; i++)
        {
            walk.IsNew($"{i}", Start.AddMilliseconds(i));
        }

        walk.EndPage(null);
        var saved = walk.Save(Overlap);

        Assert.InRange(saved.Length, 1, 36_000);
        Assert.False(PollCursor.Load(saved, default).IsNew("9999", Start.AddMilliseconds(9999)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("rubbish")]
    [InlineData("[1]")]
    [InlineData("""{"w":"x"}""")]
    public void Load_DamagedCursor_StartsAnew(string saved) => Assert.Equal(Start, PollCursor.Load(saved, Start).Watermark);
}
