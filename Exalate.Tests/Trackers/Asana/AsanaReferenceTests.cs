using Exalate.Core.Trackers.Asana;

namespace Exalate.Tests.Trackers.Asana;

public sealed class AsanaReferenceTests
{
    private const string Site = "https://app.asana.com";

    [Theory]
    [InlineData("1204567890123456", "1204567890123456")]
    [InlineData(" '1204567890123456' ", "1204567890123456")]
    [InlineData("https://app.asana.com/0/1200000000000001/1204567890123456", "1204567890123456")]
    [InlineData("https://app.asana.com/0/1200000000000001/1204567890123456/f", "1204567890123456")]
    [InlineData("https://app.asana.com/0/0/1204567890123456/f?x=1", "1204567890123456")]
    [InlineData("https://app.asana.com/0/inbox/77/1204567890123456/99", "1204567890123456")]
    [InlineData("https://app.asana.com/1/11/project/1200000000000001/task/1204567890123456?focus=true", "1204567890123456")]
    [InlineData("https://app.asana.com/1/11/task/1204567890123456", "1204567890123456")]
    [InlineData("https://app.asana.com/1/11/project/12/task/1204567890123456/comment/13", "1204567890123456")]
    [InlineData("app.asana.com/0/12/1204567890123456", "1204567890123456")]
    public void Parse_WhatPeoplePaste_GivesTheGid(string typed, string expected) => Assert.Equal(expected, AsanaReference.Parse(typed, Site));

    [Theory]
    [InlineData("")]
    [InlineData("TEST-1")]
    [InlineData("0")]
    [InlineData("12a")]
    [InlineData("https://app.asana.com/0/1200000000000001/list")]
    [InlineData("https://app.asana.com/0/1200000000000001")]
    [InlineData("https://app.asana.com/1/11/project/12/list")]
    [InlineData("https://asana.example/0/1200000000000001/1204567890123456")]
    [InlineData("https://app.asana.com.evil.example/0/12/1204567890123456")]
    public void Parse_AnythingElse_GivesNothing(string typed) => Assert.Null(AsanaReference.Parse(typed, Site));
}
