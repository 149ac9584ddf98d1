using System.Security.Cryptography;
using System.Text;
using Exalate.Core.Trackers;
using Exalate.Core.Trackers.Jira;

namespace Exalate.Tests.Trackers.Jira;

public sealed class JiraWebhookTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void Read_VendorsTestVector_SignatureFits()
    {
        var call = new WebhookCall
        {
            Headers = Headers("X-Hub-Signature", "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"),
            Body = Encoding.UTF8.GetBytes("Hello World!"),
            Secrets = ["wrong", "It's a Secret to Everybody"],
        };

        Assert.Equal("The call is signed, but is no JSON.", JiraWebhook.Read(call).RefusedBecause);
    }

    [Theory]
    [InlineData("jira:issue_created", false)]
    [InlineData("jira:issue_updated", false)]
    [InlineData("jira:issue_deleted", true)]
    [InlineData("comment_created", false)]
    [InlineData("comment_updated", false)]
    [InlineData("comment_deleted", false)]
    public void Read_SignedEvent_NamesTheIssue(string name, bool isDeleted)
    {
        var reading = JiraWebhook.Read(Signed($$$"""{"timestamp":1,"webhookEvent":"{{{name}}}","issue":{"id":"10042","key":"TEST-1","fields":{"description":"plain"} } }"""));

        Assert.Equal([new ChangedEntity("10042", isDeleted)], reading.Changes!);
        Assert.Equal("delivery-1", reading.DeliveryId);
        Assert.Null(reading.RefusedBecause);
    }

    [Theory]
    [InlineData("""{"webhookEvent":"attachment_created","attachment":{"id":"1"}}""")]
    [InlineData("""{"webhookEvent":"user_updated","issue":{"id":"1"}}""")]
    [InlineData("""{"webhookEvent":7,"issue":"x"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    public void Read_EventThatNamesNoIssue_ChangesNothing(string body) => Assert.Empty(JiraWebhook.Read(Signed(body)).Changes!);

    [Theory]
    [InlineData("")]
    [InlineData("sha256")]
    [InlineData("sha256=")]
    [InlineData("sha256=00")]
    [InlineData("sha1=2fd4e1c67a2d28fced849ee1bb76e7391b93eb12")]
    [InlineData("md5=d41d8cd98f00b204e9800998ecf8427e")]
    public void Read_SignatureThatDoesNotFit_IsRefused(string signature)
    {
        var call = Signed("""{"webhookEvent":"jira:issue_updated","issue":{"id":"1"}}""") with { Headers = Headers("X-Hub-Signature", signature) };

        var reading = JiraWebhook.Read(call);

        Assert.NotNull(reading.RefusedBecause);
        Assert.Null(reading.Changes);
    }

    [Fact]
    public void Read_BodyChangedByAByte_IsRefused()
    {
        var call = Signed("""{"webhookEvent":"jira:issue_updated","issue":{"id":"1"}}""");

        Assert.NotNull(JiraWebhook.Read(call with { Body = Encoding.UTF8.GetBytes("""{"webhookEvent":"jira:issue_updated","issue":{"id":"2"}}""") }).RefusedBecause);
    }

    [Fact]
    public void Read_EmptySecret_FitsNothing()
    {
        var body = Encoding.UTF8.GetBytes("{}");
        var signature = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Array.Empty<byte>(), body));

        Assert.NotNull(JiraWebhook.Read(new WebhookCall { Headers = Headers("X-Hub-Signature", signature), Body = body, Secrets = [""] }).RefusedBecause);
    }

    private static WebhookCall Signed(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var headers = Headers("x-hub-signature", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), bytes)));
        headers["X-Atlassian-Webhook-Identifier"] = "delivery-1";
        return new WebhookCall { Headers = headers, Body = bytes, Secrets = [Secret] };
    }

    private static Dictionary<string, string> Headers(string name, string value) => new(StringComparer.OrdinalIgnoreCase) { [name] = value };
}
