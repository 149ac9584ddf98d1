using System.Text;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Tests.Trackers.Calls;

public sealed class VendorWordsTests
{
    [Theory]
    [InlineData("""{"errorMessages":["Issue does not exist or you do not have permission to see it."],"errors":{}}""", "Issue does not exist or you do not have permission to see it.")]
    [InlineData("""{"errorMessages":["Invalid request payload. Refer to the REST API documentation and try again."]}""", "Invalid request payload. Refer to the REST API documentation and try again.")]
    [InlineData("""{"errorMessages":["No permission."],"errors":{"comment":"Comment body is not valid!"}}""", "No permission.; comment: Comment body is not valid!")]
    [InlineData("""{"errorMessages":[],"errors":{"summary":"Field 'summary' cannot be set."}}""", "summary: Field 'summary' cannot be set.")]
    [InlineData("""{"type":"about:blank","title":"Not Found","status":404,"detail":"No endpoint GET /x","instance":"/x"}""", "No endpoint GET /x")]
    [InlineData("""{"errors":[{"message":"workspace: Missing input","help":"For more"}]}""", "workspace: Missing input")]
    [InlineData("""{"errors":[{"message":"Server Error","phrase":"6 sad squid snuggle softly"}]}""", "Server Error (6 sad squid snuggle softly)")]
    [InlineData("<html><head><title>502 Bad\n Gateway</title></head><body>nginx</body></html>", "502 Bad Gateway")]
    [InlineData("upstream connect error", "upstream connect error")]
    public void Read_EveryShapeOfBody_FindsTheWords(string body, string expected) => Assert.Equal(expected, VendorWords.Read(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"errorMessages":[],"errors":{}}""")]
    [InlineData("<div>no title</div>")]
    public void Read_BodyThatSaysNothing_IsNull(string body) => Assert.Null(VendorWords.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Read_EndlessMessage_IsCut() =>
        Assert.Equal(2000, VendorWords.Read(Encoding.UTF8.GetBytes($$"""{"errorMessages":["{{new string('x', 10_000)}}"]}"""))!.Length);
}
