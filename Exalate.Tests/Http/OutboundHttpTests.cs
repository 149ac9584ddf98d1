using System.Net;
using System.Text;
using Exalate.Core.Http;
using Microsoft.AspNetCore.Http;

namespace Exalate.Tests.Http;

public sealed class OutboundHttpTests
{
    private static readonly CancellationToken Patience = new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    [Fact]
    public async Task Get_AllowedLoopback_Answers()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("hello"));
        using var http = Outbound(["127.0.0.0/8"]);
        using var client = http.CreateClient(OutboundPurpose.Peer, server.Url);

        Assert.Equal("hello", await client.GetStringAsync("x", Patience));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("localhost")]
    [InlineData("node.localhost")]
    [InlineData("0.0.0.0")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("169.254.169.254")]
    public async Task Get_PrivateAddressNotAllowed_RefusedWithoutARequest(string host)
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("secret"));
        using var http = Outbound([]);
        using var client = http.CreateClient(OutboundPurpose.Tracker, new Uri($"http://{host}:{server.Port}/"));

        var refused = await Assert.ThrowsAsync<AddressRefusedException>(() => client.GetStringAsync("latest/meta-data", Patience));

        Assert.Contains("does not call", refused.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Get_NameBelowLocalhost_IsThisMachine()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("mine"));
        using var http = Outbound(["127.0.0.0/8", "::1"]);
        using var client = http.CreateClient(OutboundPurpose.Peer, new Uri($"http://a.node.localhost:{server.Port}/"));

        Assert.Equal("mine", await client.GetStringAsync("x", Patience));
    }

    [Fact]
    public async Task Get_NameThatChangesItsAddress_CheckedAtEveryConnection()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.Headers.Connection = "close";
            return c.Response.WriteAsync("ok");
        });
        var resolver = new FakeResolver(IPAddress.Loopback);
        using var http = Outbound(["127.0.0.1"], resolver);
        using var client = http.CreateClient(OutboundPurpose.Tracker, new Uri($"http://rebind.example:{server.Port}/"));

        Assert.Equal("ok", await client.GetStringAsync("first", Patience));
        resolver.Answer = [IPAddress.Parse("127.0.0.2")];
        await Assert.ThrowsAsync<AddressRefusedException>(() => client.GetStringAsync("second", Patience));

        Assert.Single(server.Requests);
        Assert.Equal(2, resolver.Asked);
    }

    [Fact]
    public async Task Get_SomeAddressesAllowed_ConnectsToThoseAlone()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("ok"));
        using var http = Outbound(["127.0.0.1"], new FakeResolver(IPAddress.Parse("10.0.0.1"), IPAddress.Loopback));
        using var client = http.CreateClient(OutboundPurpose.Tracker, new Uri($"http://mixed.example:{server.Port}/"));

        Assert.Equal("ok", await client.GetStringAsync("x", Patience));
    }

    [Fact]
    public async Task Get_PlainHttpToAnotherMachine_RefusedEvenWhenTheNetworkIsAllowed()
    {
        using var http = Outbound(["10.0.0.0/8"], new FakeResolver(IPAddress.Parse("10.0.0.1")));
        using var client = http.CreateClient(OutboundPurpose.Tracker, new Uri("http://tracker.corp/"));

        var refused = await Assert.ThrowsAsync<AddressRefusedException>(() => client.GetStringAsync("x", Patience));

        Assert.Contains("https://", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Redirect_IsHandedBackNotFollowed()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        using var http = Outbound(["127.0.0.0/8"]);
        using var client = http.CreateClient(OutboundPurpose.Tracker, server.Url);

        using var answer = await client.GetAsync("x", Patience);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Get_Cookie_IsNotKept()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.Cookies.Append("session", "1");
            return Task.CompletedTask;
        });
        using var http = Outbound(["127.0.0.0/8"]);
        using var client = http.CreateClient(OutboundPurpose.Tracker, server.Url);

        for (var i = 0; i < 2; i++)
        {
            using var answer = await client.GetAsync("x", Patience);
        }

        Assert.DoesNotContain(server.Requests, r => r.Headers.ContainsKey("Cookie"));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:password@acme.example/")]
    public void CreateClient_AddressThatIsNoPlainHttpUrl_Refused(string url)
    {
        using var http = Outbound([]);

        var refused = Assert.Throws<AddressRefusedException>(() => http.CreateClient(OutboundPurpose.Peer, new Uri(url)));

        Assert.DoesNotContain("password@", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReadBounded_LongBody_StopsAtTheBound(bool announced)
    {
        var body = Encoding.ASCII.GetBytes(new string('x', 100_000));
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            c.Response.ContentLength = announced ? body.Length : null;
            await c.Response.Body.WriteAsync(body);
        });
        using var http = Outbound(["127.0.0.0/8"]);
        using var client = http.CreateClient(OutboundPurpose.Tracker, server.Url);
        using var answer = await client.GetAsync("x", HttpCompletionOption.ResponseHeadersRead, Patience);

        await Assert.ThrowsAsync<ResponseTooLargeException>(() => answer.Content.ReadBoundedAsync(99_999, Patience));
    }

    [Fact]
    public async Task Get_UnknownName_FailsAsAConnectionError()
    {
        using var http = Outbound([], new FakeResolver());
        using var client = http.CreateClient(OutboundPurpose.Tracker, new Uri("https://nobody.example/"));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("x", Patience));

        Assert.IsNotType<AddressRefusedException>(failed);
    }

    internal static OutboundHttp Outbound(string[] networks, IHostResolver? resolver = null)
    {
        Assert.True(AllowedNetworks.TryParse(networks, out var parsed, out _));
        return new OutboundHttp(new AddressPolicy(new AllowedNetworks(parsed)), resolver ?? new SystemHostResolver(), TimeProvider.System);
    }

    private sealed class FakeResolver(params IPAddress[] answer) : IHostResolver
    {
        public IReadOnlyList<IPAddress> Answer { get; set; } = answer;

        public int Asked { get; private set; }

        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(Answer);
        }
    }
}
