using Exalate.Core.Trackers.Asana;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Tests.Trackers.Calls;

public sealed class FileNamesTests
{
    [Theory]
    [InlineData("screen shot.png", "screen shot.png")]
    [InlineData("résumé 日本.pdf", "résumé 日本.pdf")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"C:\temp\evil.exe", "evil.exe")]
    [InlineData("a\r\nContent-Type: text\r\n\r\nx.png", "aContent-Type_ textx.png")]
    [InlineData("a\"; filename=\"b.exe", "a'; filename='b.exe")]
    [InlineData("gpj.\u202Eexe", "gpj.exe")]
    [InlineData("..", "file")]
    [InlineData("", "file")]
    [InlineData("a/", "file")]
    public void Clean_HostileName_IsOneHarmlessPart(string name, string expected)
    {
        Assert.Equal(expected, FileNames.Clean(name));
    }

    [Fact]
    public void Clean_LongName_KeepsItsEnding()
    {
        var clean = FileNames.Clean(new string('x', 500) + ".tar.gz");

        Assert.Equal(200, clean.Length);
        Assert.EndsWith(".gz", clean, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan.txt", "form-data; name=\"file\"; filename=\"plan.txt\"")]
    [InlineData("résumé.pdf", "form-data; name=\"file\"; filename=\"r%C3%A9sum%C3%A9.pdf\"; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf")]
    [InlineData("100%.txt", "form-data; name=\"file\"; filename=\"100%25.txt\"; filename*=UTF-8''100%25.txt")]
    public void AsanaDisposition_BeyondAscii_IsPercentEncoded(string name, string expected) => Assert.Equal(expected, AsanaFiles.Disposition(name));
}
