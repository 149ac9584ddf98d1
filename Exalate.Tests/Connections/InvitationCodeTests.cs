using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Tests.Peers;
using FsCheck;
using FsCheck.Fluent;

namespace Exalate.Tests.Connections;

public sealed class InvitationCodeTests
{
    private static readonly InvitationPayload Payload = new()
    {
        LinkId = new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"),
        Token = "q0xPZ3hYb2ZmZXJzLWFyZS1ub3Qtc2VjcmV0LWhlcmU",
        ExpiresAt = TestClock.Noon.AddDays(14),
        Url = "https://exalate.acme.example",
        Uid = "5b0c2f0e7a3d4a0c9c0a6f6f0d2b7e11",
        Node = "Jira node of Acmé",
        ShortName = "acme",
        Tracker = "Jira",
        TrackerUrl = "https://acme.atlassian.net",
        Mode = "Basic",
        Type = "Public",
        Name = "acme_to_unknown",
        For = null,
    };

    private static readonly string Code = InvitationCode.Write(Payload);

    public static TheoryData<string, string> Journeys => new()
    {
        { "plain", Code },
        { "spaces around", $"  \t{Code} \r\n" },
        { "double quotes", $"\"{Code}\"" },
        { "smart quotes", $"\u201c{Code}\u201d" },
        { "guillemets and non-breaking space", $"\u00ab\u00a0{Code}\u00a0\u00bb" },
        { "backticks", $"```\n{Code}\n```" },
        { "broken into lines", string.Join("\r\n", Code.Chunk(60).Select(line => new string(line))) },
        { "reply marks", string.Join("\n", Code.Chunk(60).Select(line => "> > " + new string(line))) },
        { "escaped reply marks", string.Join("<br>\n".Replace("<br>", ""), Code.Chunk(60).Select(line => "&gt; " + new string(line))) },
        { "quoted-printable", string.Join("=\r\n", Code.Chunk(72).Select(line => new string(line))) },
        { "zero-width characters", string.Join("\u200b", Code.Chunk(7).Select(part => new string(part))) + "\ufeff" },
        { "soft hyphens", string.Join("\u00ad", Code.Chunk(9).Select(part => new string(part))) },
        { "lower case", Code.ToLowerInvariant() },
        { "an en dash for the hyphen", Code.Replace('-', '\u2013') },
        { "within a mail", $"Hello Kim,\n\nhere is the code for EXA1, our test: {Code}\n\nBest regards,\nAlex (Exalate 5)" },
        { "a markdown link target", $"<{Code}>" },
    };

    [Theory]
    [MemberData(nameof(Journeys))]
    public void Read_AfterAJourney_GivesWhatWasWritten(string journey, string text)
    {
        var result = InvitationCode.Read(text);
        Assert.True(result.IsSuccess, $"{journey}: {result.Error?.Sentence}");
        Assert.Equal(Payload, result.Value);
    }

    [Fact]
    public void Write_IsLettersDigitsAndOneHyphen() => Assert.Matches("^EXA1-[A-Z2-7]+$", Code);

    [Fact]
    public void Read_AnyCharacterMissing_IsDamaged()
    {
        for (var at = 5; at < Code.Length; at++)
        {
            var error = Assert.IsType<Invalid>(InvitationCode.Read(Code.Remove(at, 1)).Error);
            Assert.Contains("damaged", error.Sentence);
        }
    }

    [Fact]
    public void Read_AnyCharacterChanged_IsDamaged()
    {
        for (var at = 5; at < Code.Length - 1; at++)
        {
            var changed = Code.Remove(at, 1).Insert(at, Code[at] == 'A' ? "B" : "A");
            Assert.False(InvitationCode.Read(changed).IsSuccess, $"position {at}");
        }
    }

    [Fact]
    public void Read_SecondHalfMissing_SaysThatAPartIsMissing() =>
        Assert.Contains("missing", InvitationCode.Read(Code[..(Code.Length / 2)]).Error!.Sentence);

    [Theory]
    [InlineData("", "not an invitation code")]
    [InlineData("hello", "not an invitation code")]
    [InlineData("https://exalate.acme.example", "not an invitation code")]
    [InlineData("EXA1-", "missing")]
    [InlineData("EXA9-ABCDEFGH", "newer version")]
    public void Read_SomethingElse_SaysWhat(string text, string expected)
    {
        var error = Assert.IsType<Invalid>(InvitationCode.Read(text).Error);
        Assert.Contains(expected, error.Sentence);
        Assert.Equal("Code", error.Field);
    }

    [Fact]
    public void Read_AHugeText_IsRefusedUnread() => Assert.Contains("too long", InvitationCode.Read(new string('A', 1_000_000)).Error!.Sentence);

    [Fact]
    public void Read_AnyText_NeverThrows() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text => InvitationCode.Read("EXA1-" + text) is { IsSuccess: false }).QuickCheckThrowOnFailure();

    [Fact]
    public void ToString_HoldsNoToken() => Assert.DoesNotContain(Payload.Token, Payload.ToString());
}
