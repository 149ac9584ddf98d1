using System.Text.Json;
using Exalate.Core.Connections;
using Exalate.Core.Replicas;
using Exalate.Tests.Connections;
using Exalate.Tests.Http;
using Exalate.Tests.Peers;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.Security;

/// <summary>Invitation codes that someone made by hand, with a server behind them that says yes to everything.</summary>
public sealed class HostileInvitations : IAsyncLifetime
{
    private TestNode acme = null!;
    private LoopbackServer hostile = null!;
    private int acceptStatus = 503;

    public async Task InitializeAsync()
    {
        acme = await TestNode.StartAsync("acme");
        hostile = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/accept", StringComparison.Ordinal))
                context.Response.StatusCode = acceptStatus;
            else
                await context.Response.WriteAsJsonAsync(new { state = "open", expiresAt = DateTimeOffset.MaxValue });
        });
    }

    public async Task DisposeAsync()
    {
        await hostile.DisposeAsync();
        await acme.DisposeAsync();
    }

    [Theory]
    [InlineData("token")]
    [InlineData("name")]
    [InlineData("url")]
    [InlineData("uid")]
    [InlineData("shortName")]
    [InlineData("tracker")]
    [InlineData("trackerUrl")]
    [InlineData("mode")]
    [InlineData("type")]
    public async Task A_code_with_a_part_set_to_null_is_refused_with_a_sentence(string part)
    {
        var payload = JsonSerializer.SerializeToNode(Payload(), ReplicaJson.Options)!;
        payload[part] = null;

        var read = await acme.SendAsync(new ReadInvitation(InvitationCode.Write(Deserialize(payload.ToJsonString()))));

        // What is shown can be confirmed: the refusal comes before, not as a crash behind the button.
        Assert.False(read.IsSuccess);
        Assert.NotEmpty(read.Error.Sentence);
    }

    [Fact]
    public async Task An_expiry_at_the_end_of_time_does_not_stop_the_chores()
    {
        var offer = await acme.SendAsync(new ReadInvitation(InvitationCode.Write(Payload() with { ExpiresAt = DateTimeOffset.MaxValue })));
        Assert.True(offer.IsSuccess, offer.Error?.Sentence);
        Assert.False((await acme.ConfirmAsync(offer.Value.Handle)).IsSuccess);

        acme.Clock.Advance(TimeSpan.FromMinutes(10));
        await acme.RunChoresAsync();

        await using var db = acme.Database.CreateDbContext();
        Assert.True((await db.Set<Acceptance>().SingleAsync()).Attempts > 1);
    }

    private static InvitationPayload Deserialize(string json) => ReplicaJson.Read<InvitationPayload>(json);

    private InvitationPayload Payload() => new()
    {
        LinkId = Ids.New(), Token = "a-token-of-some-length", ExpiresAt = TestClock.Noon.AddDays(1), Url = hostile.Url.ToString().TrimEnd('/'), Uid = "hostile", ShortName = "hostile",
        Tracker = "Jira", TrackerUrl = "https://hostile.tracker.example", Mode = "Basic", Type = "Public", Name = "x",
    };
}
