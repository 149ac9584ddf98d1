using Exalate.Core.Trackers.Jira;

namespace Exalate.Tests.Trackers.Jira;

public sealed class JiraReferenceTests
{
    private const string Site = "https://acme.atlassian.net";

    [Theory]
    [InlineData("TEST-1", "TEST-1")]
    [InlineData(" test-1 \n", "TEST-1")]
    [InlineData("\"test-12\"", "TEST-12")]
    [InlineData("“TEST-1”", "TEST-1")]
    [InlineData("A_B2-7", "A_B2-7")]
    [InlineData("10042", "10042")]
    [InlineData("https://acme.atlassian.net/browse/TEST-1", "TEST-1")]
    [InlineData("https://ACME.atlassian.net/browse/test-1?focusedCommentId=10010#comment", "TEST-1")]
    [InlineData("acme.atlassian.net/browse/TEST-1", "TEST-1")]
    [InlineData("<https://acme.atlassian.net/browse/TEST-1>", "TEST-1")]
    [InlineData("https://acme.atlassian.net/issues/TEST-1?filter=1", "TEST-1")]
    [InlineData("https://acme.atlassian.net/jira/software/c/projects/TEST/boards/1?selectedIssue=TEST-9", "TEST-9")]
    [InlineData("https://acme.atlassian.net/jira/software/c/projects/ABC/issues/TEST-3/?jql=x", "TEST-3")]
    [InlineData("https://acme.atlassian.net/jira/servicedesk/projects/SD/queues/custom/1/SD-5", "SD-5")]
    public void Parse_WhatPeoplePaste_GivesTheKey(string typed, string expected) => Assert.Equal(expected, JiraReference.Parse(typed, Site));

    [Theory]
    [InlineData("")]
    [InlineData("TEST")]
    [InlineData("TEST-")]
    [InlineData("TEST-0")]
    [InlineData("1TEST-1")]
    [InlineData("TEST-1 TEST-2")]
    [InlineData("../TEST-1")]
    [InlineData("https://other.atlassian.net/browse/TEST-1")]
    [InlineData("https://acme.atlassian.net:8443/browse/TEST-1")]
    [InlineData("https://acme.atlassian.net.evil.example/browse/TEST-1")]
    [InlineData("https://acme.atlassian.net/jira/your-work")]
    [InlineData("ftp://acme.atlassian.net/browse/TEST-1")]
    [InlineData("javascript://acme.atlassian.net/TEST-1")]
    public void Parse_AnythingElse_GivesNothing(string typed) => Assert.Null(JiraReference.Parse(typed, Site));

    [Theory]
    [InlineData("https://acme.atlassian.net", "https://acme.atlassian.net")]
    [InlineData("https://acme.atlassian.net/", "https://acme.atlassian.net")]
    [InlineData("https://acme.atlassian.net/jira/your-work", "https://acme.atlassian.net")]
    [InlineData("https://acme.atlassian.net/browse/TEST-1", "https://acme.atlassian.net")]
    [InlineData("http://127.0.0.1:5091/", "http://127.0.0.1:5091")]
    [InlineData("https://api.atlassian.com/ex/jira/1a2b/rest/api/3", "https://api.atlassian.com/ex/jira/1a2b")]
    public void Site_AnyAddressOfIt_IsTheSite(string typed, string expected) => Assert.Equal(expected, JiraSite.From(new Uri(typed)).Url);
}
