using System.Text.Json.Nodes;
using Exalate.Core.RichText;
using Exalate.Core.Trackers.Calls;
using Exalate.Core.Trackers.Jira;

namespace Exalate.Tests.Trackers.Jira;

public sealed class JiraMapperTests
{
    private readonly JiraMapper mapper = new(new RichTextHooks { Realm = "acme.atlassian.net" });

    [Theory]
    [InlineData("""{"id":"1","jsdPublic":false}""", true)]
    [InlineData("""{"id":"1","jsdPublic":true}""", false)]
    [InlineData("""{"id":"1","visibility":{"type":"role","value":"Administrators"}}""", true)]
    [InlineData("""{"id":"1","visibility":{"type":"group","identifier":"x"},"jsdPublic":true}""", true)]
    [InlineData("""{"id":"1","visibility":null}""", false)]
    [InlineData("""{"id":"1"}""", false)]
    public void Comment_ShownToSomeOnly_IsRestricted(string json, bool expected) => Assert.Equal(expected, mapper.Comment(JsonNode.Parse(json)!).IsRestricted);

    [Fact]
    public void Comment_OfADeletedAccount_IsOfAFormerUser()
    {
        Assert.Equal("Former user", mapper.Comment(JsonNode.Parse("""{"id":"1","author":{"accountId":"5","displayName":""}}""")!).AuthorName);
        Assert.Null(mapper.Comment(JsonNode.Parse("""{"id":"1"}""")!).AuthorId);
    }

    [Theory]
    [InlineData("2026-01-01T10:00:00.000-0800", "2026-01-01T18:00:00Z")]
    [InlineData("2026-01-01T10:00:00.000+0530", "2026-01-01T04:30:00Z")]
    [InlineData("2026-01-01T10:00:00.000Z", "2026-01-01T10:00:00Z")]
    [InlineData("2026-01-01T10:00:00+02:00", "2026-01-01T08:00:00Z")]
    public void Time_OffsetWithoutColon_IsReadAsUtc(string jira, string utc)
    {
        var time = new JsonObject { ["created"] = jira }.Time("created");

        Assert.Equal(DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture), time);
        Assert.Equal(TimeSpan.Zero, time!.Value.Offset);
    }

    [Fact]
    public void Edits_FieldIdMissingAndAnyOrder_AreFoundByName()
    {
        var entry = JsonNode.Parse("""
            {"id":"1","author":{"accountId":"5"},"created":"2026-01-01T10:00:00.000+0000","items":[
              {"field":"Summary","toString":"x"},{"fieldId":"description","field":"description"},{"field":"Link"},{"fieldId":"status","field":"status"}]}
            """)!;

        Assert.Equal(["summary", "description"], JiraMapper.Edits(entry, default).Select(e => e.Field));
        Assert.Empty(JiraMapper.Edits(entry, DateTimeOffset.MaxValue));
    }

    [Fact]
    public void Entity_IdsAsNumbersAndMissingFields_AreForgiven()
    {
        var entity = mapper.Entity(JsonNode.Parse("""{"id":10042,"key":"TEST-1","fields":{"attachment":[{"id":7,"filename":"a","size":3}],"description":null}}"""), [], "https://acme.atlassian.net");

        Assert.Equal(("10042", "7", 3L), (entity.Id, entity.Attachments[0].Id, entity.Attachments[0].Size));
        Assert.Equal(("", RichDocument.Empty), (entity.Summary, entity.Description));
        Assert.Equal("https://acme.atlassian.net/browse/TEST-1", entity.Link);
    }

    [Theory]
    [InlineData("10001", "10001")]
    [InlineData("TEST", "\"TEST\"")]
    [InlineData("a\" OR 1=1", "\"a\\\" OR 1=1\"")]
    [InlineData("", "\"\"")]
    public void Quote_AnyValue_StaysOneJqlValue(string value, string expected) => Assert.Equal(expected, JiraTracker.Quote(value));
}
