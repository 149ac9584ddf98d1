using Exalate.Core.Trackers.Jira;

namespace Exalate.Tests.Trackers.Jira;

public class JiraPicturesTests
{
    [Theory]
    [InlineData("https://api.media.atlassian.com/file/2F1C8A54-0b7d-4e39-9a61-c5d2e8f07b13/binary?token=eyJ&name=a.png", "2f1c8a54-0b7d-4e39-9a61-c5d2e8f07b13")]
    [InlineData("/_media/file/2f1c8a54-0b7d-4e39-9a61-c5d2e8f07b13", "2f1c8a54-0b7d-4e39-9a61-c5d2e8f07b13")]
    [InlineData("https://api.media.atlassian.com/file/2f1c8a54-0b7d-4e39-9a61-c5d2e8f07b13?dl=1", "2f1c8a54-0b7d-4e39-9a61-c5d2e8f07b13")]
    [InlineData("https://acme.atlassian.net/secure/attachment/10007/2f1c8a54-0b7d-4e39-9a61-c5d2e8f07b13.png", null)]
    [InlineData("https://acme.atlassian.net/rest/api/3/attachment/content/10007", null)]
    [InlineData("", null)]
    public void Id_OfAnAddressOfTheMediaService_IsTheFiles(string address, string? expected) => Assert.Equal(expected, JiraPictures.Id(address));
}
