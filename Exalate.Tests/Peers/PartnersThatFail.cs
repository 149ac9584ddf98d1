using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Trackers;
using Exalate.Tests.Connections;
using Exalate.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Peers;

/// <summary>What the client makes of partners that are away, slow, or not themselves.</summary>
public sealed class PartnersThatFail : IAsyncLifetime
{
    private TestNode acme = null!;
    private TestNode globex = null!;

    public async Task InitializeAsync()
    {
        acme = await TestNode.StartAsync("acme", configure: options => options.CallTimeout = TimeSpan.FromSeconds(2));
        globex = await TestNode.StartAsync("globex");
        await acme.ConnectAsync(globex);
    }

    public async Task DisposeAsync()
    {
        await acme.DisposeAsync();
        await globex.DisposeAsync();
    }

    [Fact]
    public async Task A_stopped_partner_is_asked_rarely_and_found_again_when_it_is_back()
    {
        await globex.StopAsync();
        for (var i = 0; i < 7; i++)
        {
            var failure = await FailureAsync(await acme.ConnectionAsync());
            Assert.Equal(FailureCategory.Unavailable, failure.Category);
            Assert.Equal($"The node at {globex.Url} could not be reached (connection refused).", failure.Sentence);
            Assert.Equal(i >= PeerCircuits.FailuresToOpen, failure.RetryAfter is not null);
        }

        await globex.RestartAsync();
        acme.Clock.Advance(PeerCircuits.BreakDuration + TimeSpan.FromSeconds(1));
        await Client.SendRequestAsync(await acme.ConnectionAsync(), Message, default);
        Assert.Single(globex.Inbox.Requests);
    }

    [Theory]
    [InlineData(202, "{\"outcome\":\"stored\"}", FailureCategory.Unauthorized)]
    [InlineData(200, "<html>captive portal</html>", FailureCategory.Unauthorized)]
    [InlineData(302, "", FailureCategory.Misconfigured)]
    [InlineData(404, "", FailureCategory.Unexpected)]
    [InlineData(422, "{\"status\":422,\"code\":\"message-refused\",\"detail\":\"no\"}", FailureCategory.Unexpected)]
    [InlineData(502, "bad gateway", FailureCategory.Transient)]
    [InlineData(503, "", FailureCategory.Unavailable)]
    [InlineData(429, "", FailureCategory.RateLimited)]
    public async Task What_answers_without_the_secret_never_counts_as_the_partner(int status, string body, FailureCategory expected)
    {
        await using var server = await LoopbackServer.StartAsync(Respond(status, body));
        var failure = await FailureAsync(await MovedToAsync(server));
        Assert.Equal(expected, failure.Category);
        Assert.False(failure.ConnectionGone);
    }

    [Fact]
    public async Task A_404_of_something_in_front_does_not_make_an_attachment_gone()
    {
        foreach (var body in new[] { "not found", "{\"status\":404,\"code\":\"attachment-unknown\"}" })
        {
            await using var server = await LoopbackServer.StartAsync(Respond(404, body));
            var connection = await MovedToAsync(server);
            var failure = await Assert.ThrowsAsync<PeerException>(() => Client.OpenAttachmentAsync(connection, "1", "2", "e", default));
            Assert.False(failure.AttachmentGone);
        }
    }

    [Fact]
    public async Task A_file_that_was_changed_on_the_way_is_not_handed_out()
    {
        globex.Inbox.Attachment = (_, _) => new OutgoingAttachment(new MemoryStream([1, 2, 3, 4]), 4, "image/png");
        using var http = new HttpClient();
        await using var inBetween = await LoopbackServer.StartAsync(async context =>
        {
            using var onward = new HttpRequestMessage(HttpMethod.Get, globex.Url + context.Request.Path + context.Request.QueryString);
            foreach (var header in context.Request.Headers.Where(h => h.Key.StartsWith("signature", StringComparison.OrdinalIgnoreCase) || h.Key.Contains("digest", StringComparison.OrdinalIgnoreCase) || h.Key.StartsWith("exalate", StringComparison.OrdinalIgnoreCase)))
            {
                onward.Headers.TryAddWithoutValidation(header.Key, header.Value.ToString());
            }

            var answer = await http.SendAsync(onward);
            Assert.True(answer.IsSuccessStatusCode);
            foreach (var header in answer.Headers.Where(h => h.Key.StartsWith("signature", StringComparison.OrdinalIgnoreCase) || h.Key.Contains("digest", StringComparison.OrdinalIgnoreCase)))
            {
                context.Response.Headers[header.Key] = header.Value.ToArray();
            }

            await context.Response.Body.WriteAsync(new byte[] { 1, 2, 3, 5 });
        });
        var connection = await MovedToAsync(inBetween);
        var failure = await Assert.ThrowsAsync<PeerException>(() => Client.OpenAttachmentAsync(connection, "1", "2", "e", default));
        Assert.Contains("changed on the way", failure.Sentence);
    }

    [Fact]
    public async Task A_partner_that_never_answers_is_given_up_in_time()
    {
        var release = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(_ => release.Task);
        var failure = await FailureAsync(await MovedToAsync(server));
        release.SetResult();
        Assert.Equal(FailureCategory.Transient, failure.Category);
        Assert.Contains("did not answer in time", failure.Sentence);
    }

    [Fact]
    public async Task Whoever_cancels_gets_the_cancellation()
    {
        var asked = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(_ =>
        {
            asked.TrySetResult();
            return release.Task;
        });
        var connection = await MovedToAsync(server);
        using var cancel = new CancellationTokenSource();
        var call = Client.SendRequestAsync(connection, Message, cancel.Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        release.SetResult();
    }

    [Theory]
    [InlineData("..", "1")]
    [InlineData("1", ".")]
    [InlineData("", "1")]
    public async Task Names_that_would_change_the_path_are_not_asked_for(string entityId, string attachmentId)
    {
        var connection = await acme.ConnectionAsync();
        var failure = await Assert.ThrowsAsync<PeerException>(() => Client.OpenAttachmentAsync(connection, entityId, attachmentId, "e", default));
        Assert.Equal(FailureCategory.Rejected, failure.Category);
    }

    private IPeerClient Client => acme.Services.GetRequiredService<IPeerClient>();

    private static SyncRequestMessage Message { get; } = new() { EventId = "e1", PairId = Guid.Empty, Kind = SyncRequestKind.Removed, Version = 1, BasedOn = 0 };

    private Task<PeerException> FailureAsync(Connection connection) => Assert.ThrowsAsync<PeerException>(() => Client.SendRequestAsync(connection, Message, default));

    private async Task<Connection> MovedToAsync(LoopbackServer server)
    {
        var connection = await acme.ConnectionAsync();
        connection.RemoteUrl = server.Url.GetLeftPart(UriPartial.Authority);
        return connection;
    }

    private static RequestDelegate Respond(int status, string body) => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = body.StartsWith("{\"status", StringComparison.Ordinal) ? "application/problem+json" : "application/json";
        await context.Response.WriteAsync(body);
    };
}
