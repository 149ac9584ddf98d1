using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Tests.Connections;
using Exalate.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace Exalate.Tests.Peers;

/// <summary>What anybody on the network may try before there is a secret.</summary>
public sealed class UnsignedCalls : IAsyncLifetime
{
    private readonly HttpClient http = new();
    private TestNode acme = null!;
    private TestNode globex = null!;

    public async Task InitializeAsync()
    {
        acme = await TestNode.StartAsync("acme", configure: options => (options.UnsignedBurst, options.UnsignedPerSecond) = (1_000, 1_000));
        globex = await TestNode.StartAsync("globex");
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await acme.DisposeAsync();
        await globex.DisposeAsync();
    }

    [Fact]
    public async Task About_says_who_the_node_is_and_nothing_secret()
    {
        var text = await http.GetStringAsync($"{acme.Url}/peer/v1/about");
        var about = JsonDocument.Parse(text).RootElement;
        Assert.Equal(
            ["product", "protocols", "uid", "name", "shortName", "url", "tracker", "version", "modes", "types", "time"],
            about.EnumerateObject().Select(property => property.Name));
        Assert.DoesNotContain("token", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("proxy@example.com", text);
    }

    [Theory]
    [InlineData("invitations/inspect")]
    [InlineData("invitations/accept")]
    [InlineData("offers")]
    public async Task Oversized_and_malformed_bodies_are_refused(string path)
    {
        var huge = await http.PostAsync($"{acme.Url}/peer/v1/{path}", new ByteArrayContent(new byte[2 * 1024 * 1024]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, huge.StatusCode);
        foreach (var body in new[] { "", "null", "[]", "{}", "{\"linkId\":1}", new string('[', 3_000), "{\"code\":null}", "{\"code\":\"EXA1-AAAA\"}" })
        {
            var answer = await http.PostAsync($"{acme.Url}/peer/v1/{path}", new StringContent(body, Encoding.UTF8, "application/json"));
            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.NotFound });
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        }
    }

    [Fact]
    public async Task A_token_is_not_guessed()
    {
        var made = await acme.InitiateAsync(globex);
        var payload = InvitationCode.Read(await acme.CodeAsync(made.ConnectionId)).Value;
        foreach (var (link, token) in new[] { (payload.LinkId, "x"), (Ids.New(), payload.Token), (payload.LinkId, payload.Token + "x"), (payload.LinkId, "") })
        {
            Assert.Equal(PeerCodes.InvitationUnknown, await CodeOfAsync("invitations/inspect", new InspectInvitation(link, token)));
        }

        Assert.Null(await CodeOfAsync("invitations/inspect", new InspectInvitation(payload.LinkId, payload.Token)));
    }

    [Fact]
    public async Task An_accepter_must_be_who_answers_at_its_address()
    {
        var made = await acme.InitiateAsync(globex);
        var payload = InvitationCode.Read(await acme.CodeAsync(made.ConnectionId)).Value;
        var pretender = Accepter(payload.For!, globex.Url) with { Uid = payload.For! };
        await using var other = await TestNode.StartAsync("other");
        Assert.Equal(PeerCodes.IdentityMismatch, await CodeOfAsync("invitations/accept", Exchange(payload, pretender with { Url = other.Url })));
        Assert.Equal(PeerCodes.InvitationForAnotherNode, await CodeOfAsync("invitations/accept", Exchange(payload, Accepter("somebody-else", globex.Url))));
        Assert.Equal(PeerCodes.InvitationOwn, await CodeOfAsync("invitations/accept", Exchange(payload, Accepter(payload.Uid, globex.Url))));
        Assert.Equal(ConnectionStatus.Pending, (await acme.ConnectionAsync()).Status);
    }

    [Theory]
    [InlineData("../../x", "https://b.example")]
    [InlineData("b", "javascript:alert(1)")]
    [InlineData("b", "http://b.example")]
    [InlineData("b", "https://user:pass@b.example")]
    [InlineData("<script>", "https://b.example")]
    public async Task An_accepter_with_an_impossible_name_or_address_is_refused(string shortName, string url)
    {
        var made = await acme.InitiateAsync(globex);
        var payload = InvitationCode.Read(await acme.CodeAsync(made.ConnectionId)).Value;
        Assert.Equal(PeerCodes.Malformed, await CodeOfAsync("invitations/accept", Exchange(payload, Accepter(payload.For!, url) with { ShortName = shortName })));
    }

    [Fact]
    public async Task An_accepter_that_can_not_be_called_back_is_taken_and_the_row_says_why()
    {
        var made = await acme.InitiateAsync(globex);
        var payload = InvitationCode.Read(await acme.CodeAsync(made.ConnectionId)).Value;
        // Nothing listens on the discard port; a private address is not even called.
        Assert.Null(await CodeOfAsync("invitations/accept", Exchange(payload, Accepter(payload.For!, "https://10.1.2.3"))));
        var connection = await acme.ConnectionAsync();
        Assert.Equal(ConnectionStatus.Active, connection.Status);
        Assert.Contains("can't call it", connection.Problem);
        Assert.Contains("private network", (await acme.SendAsync(new GetConnection(connection.Id)))!.Problem);
    }

    [Fact]
    public async Task The_same_accept_id_may_repeat_the_exchange_another_one_may_not()
    {
        var made = await acme.InitiateAsync(globex);
        var payload = InvitationCode.Read(await acme.CodeAsync(made.ConnectionId)).Value;
        var exchange = Exchange(payload, Accepter(payload.For!, globex.Url));
        var first = await PostAsync("invitations/accept", exchange);
        var again = await PostAsync("invitations/accept", exchange);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(PeerCodes.InvitationUsed, await CodeOfAsync("invitations/accept", exchange with { AcceptId = "another-accept-id-0001" }));
        Assert.Equal(PeerCodes.InvitationUsed, await CodeOfAsync("invitations/accept", exchange with { Node = Accepter("another-node", globex.Url) }));
    }

    [Fact]
    public async Task Offers_are_for_this_node_and_there_are_only_so_many()
    {
        var made = await acme.InitiateAsync(globex);
        var code = await acme.CodeAsync(made.ConnectionId);
        Assert.Equal(PeerCodes.InvitationOwn, await CodeOfAsync("offers", new HandOverInvitation(code)));
        var payload = InvitationCode.Read(code).Value with { Uid = "elsewhere" };
        Assert.Equal(PeerCodes.InvitationForAnotherNode, await CodeOfAsync("offers", new HandOverInvitation(InvitationCode.Write(payload))));
        var stale = InvitationCode.Write(payload with { For = null, ExpiresAt = TestClock.Noon });
        Assert.Equal(PeerCodes.InvitationExpired, await CodeOfAsync("offers", new HandOverInvitation(stale)));

        var open = InvitationCode.Write(payload with { For = null });
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 25; i++)
        {
            answers.Add((await PostAsync("offers", new HandOverInvitation(open))).StatusCode);
        }

        Assert.Equal(20, answers.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(5, answers.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_forged_offer_can_not_send_the_browser_elsewhere()
    {
        // A code that names a server of the attacker as inviter: opening it asks that server, which does not know the token; nothing leads there.
        await using var attacker = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        var forged = InvitationCode.Write(new InvitationPayload
        {
            LinkId = Ids.New(), Token = "t", ExpiresAt = TestClock.Noon.AddDays(1), Url = attacker.Url.ToString().TrimEnd('/'), Uid = "attacker", ShortName = "acme",
            Tracker = "Jira", TrackerUrl = "https://acme.tracker.example", Mode = "Basic", Type = "Public", Name = "x",
        });
        var handed = await (await PostAsync("offers", new HandOverInvitation(forged))).Content.ReadFromJsonAsync<InvitationHandedOver>();
        var outcome = await acme.SendAsync(new ReadOffer(handed!.Handle));
        Assert.False(outcome.IsSuccess);
        Assert.Equal(["POST /peer/v1/invitations/inspect"], attacker.Requests.Select(r => $"{r.Method} {r.PathAndQuery}"));
    }

    [Fact]
    public async Task One_address_that_asks_too_often_is_told_to_wait()
    {
        await using var strict = await TestNode.StartAsync("strict", configure: options => (options.UnsignedBurst, options.UnsignedPerSecond) = (5, 1));
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 8; i++)
        {
            answers.Add(await http.GetAsync($"{strict.Url}/peer/v1/about"));
        }

        Assert.All(answers.Take(5), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1].StatusCode);
        Assert.True(answers[^1].Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Limiter_LetsEachAddressHaveItsShare()
    {
        var clock = new ManualTime(TestClock.Noon);
        var limiter = new AddressLimiter(clock, burst: 2, perSecond: 2);
        Assert.Null(limiter.PauseFor("a"));
        Assert.Null(limiter.PauseFor("a"));
        Assert.InRange(limiter.PauseFor("a")!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(500));
        Assert.Null(limiter.PauseFor("b"));
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::ffff:2", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("198.51.100.7", "::ffff:198.51.100.7", true)]
    [InlineData("198.51.100.7", "198.51.100.8", false)]
    public void Limiter_CountsANetworkOfIpv6AsOneCaller(string first, string second, bool same)
    {
        var limiter = new AddressLimiter(new ManualTime(TestClock.Noon), burst: 1, perSecond: 1);
        Assert.Null(limiter.PauseFor(first));
        Assert.Equal(same, limiter.PauseFor(second) is not null);
    }

    private static PeerIdentity Accepter(string uid, string url) => new() { Uid = uid, Name = "Accepter", ShortName = "accepter", Url = url, Tracker = new PeerTracker("Jira", "https://x.example"), Version = "1" };

    private static ExchangeInvitation Exchange(InvitationPayload payload, PeerIdentity node) => new(payload.LinkId, payload.Token, "accept-id-of-16-and-more", node);

    private Task<HttpResponseMessage> PostAsync<T>(string path, T body) =>
        http.PostAsync($"{acme.Url}/peer/v1/{path}", new StringContent(ReplicaJson.Write(body), Encoding.UTF8, "application/json"));

    /// <summary>Null: it was taken.</summary>
    private async Task<string?> CodeOfAsync<T>(string path, T body)
    {
        var answer = await PostAsync(path, body);
        return answer.IsSuccessStatusCode ? null : ReplicaJson.Read<PeerProblem>(await answer.Content.ReadAsStringAsync()).Code;
    }
}
