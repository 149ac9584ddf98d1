using Exalate.Core.Sync.Entities;

namespace Exalate.Tests.Sync;

public sealed class TextDiffTests
{
    [Fact]
    public void Of_KeepsWhatIsCommon_AndTheOrderOfBothSides() => Assert.Equal(
        [
            new DiffLine(DiffSide.Both, "a"), new DiffLine(DiffSide.LocalOnly, "b"), new DiffLine(DiffSide.RemoteOnly, "x"),
            new DiffLine(DiffSide.Both, "c"), new DiffLine(DiffSide.RemoteOnly, "d"),
        ],
        TextDiff.Of("a\r\nb\nc", "a\nx\nc\nd"));

    [Fact]
    public void Of_TheSame_IsEmpty() => Assert.Empty(TextDiff.Of("a\nb", "a\nb"));

    [Fact]
    public void Of_HugeTexts_ComparesAsWholes()
    {
        var huge = string.Join('\n', Enumerable.Range(0, 10_000));
        Assert.Equal([DiffSide.LocalOnly, DiffSide.RemoteOnly], TextDiff.Of(huge, "1").Select(line => line.Side));
    }
}
