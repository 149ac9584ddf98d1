using Exalate.Core;

namespace Exalate.Tests;

public sealed class ResultTests
{
    [Fact]
    public void Value_OfAFailure_ThrowsWithTheSentence()
    {
        Result<int> failed = new NotFound("There is no connection 'a_to_b'.");
        Assert.False(failed.IsSuccess);
        Assert.Contains("a_to_b", Assert.Throws<InvalidOperationException>(() => failed.Value).Message);
    }
}
