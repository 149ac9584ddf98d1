using Exalate.Console.Endpoints;

namespace Exalate.Tests.Console.Host;

public sealed class Downloads
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("TEST-1", "TEST-1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("=HYPERLINK(\"http://evil\",1)", "\"'=HYPERLINK(\"\"http://evil\"\",1)\"")]
    [InlineData("+1", "'+1")]
    [InlineData("@SUM", "'@SUM")]
    public void A_cell_is_text_for_every_table_program(string? value, string expected) => Assert.Equal(expected, DownloadEndpoints.Cell(value));
}
