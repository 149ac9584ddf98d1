using Exalate.Core.Trackers;

namespace Exalate.Tests.Trackers;

public sealed class SummaryTextTests
{
    [Theory]
    [InlineData("Login fails", "Login fails")]
    [InlineData("  Login fails ", "Login fails")]
    [InlineData("Login\r\nfails\ttoday", "Login fails today")]
    [InlineData("a\u2028b\u0000c", "a b c")]
    [InlineData("", "")]
    [InlineData("two  blanks stay", "two  blanks stay")]
    public void Normalise_AnyText_IsOneTrimmedLine(string typed, string expected) => Assert.Equal(expected, SummaryText.Normalise(typed, 255));

    [Fact]
    public void Normalise_TooLong_EndsWithAnEllipsisInsideTheLimit()
    {
        Assert.Equal(new string('x', 255), SummaryText.Normalise(new string('x', 255), 255));
        Assert.Equal(new string('x', 254) + "…", SummaryText.Normalise(new string('x', 256), 255));
    }

    [Fact]
    public void Normalise_CutInsideASurrogatePair_LeavesNoHalfCharacter()
    {
        var cut = SummaryText.Normalise(new string('x', 253) + "😀😀", 255);

        Assert.Equal(new string('x', 253) + "…", cut);
    }

    [Fact]
    public void Normalise_Twice_ChangesNothing()
    {
        var once = SummaryText.Normalise(string.Join(' ', Enumerable.Repeat("word\n", 100)), 255);

        Assert.Equal(once, SummaryText.Normalise(once, 255));
    }
}
