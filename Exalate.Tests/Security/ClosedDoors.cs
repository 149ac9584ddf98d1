using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Exalate.Tests.Console.Host;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Security;

/// <summary>The whole product, as it stands on the network, against callers who may not. That every page asks for sign-in is shown in <see cref="Doors"/>.</summary>
public sealed class ClosedDoors : IAsyncLifetime
{
    private const string Token = "tracker-token-5d1f0a";
    private const string HookSecret = "hook-secret-77c2e9";
    private const string ConnectionSecret = "connection-secret-0be4a1";
    private const string Hook = "registration-1";
    private const string Body = """{"webhookEvent":"jira:issue_updated","issue":{"id":"10042"}}""";

    private readonly HttpClient http = new();
    private readonly Guid link = Ids.New();
    private HostedNode node = null!;

    public async Task InitializeAsync()
    {
        node = await HostedNode.StartAsync(new Dictionary<string, string?>
        {
            ["Exalate:Node:ShortName"] = "acme",
            ["Exalate:Tracker:Kind"] = "Jira",
            ["Exalate:Tracker:Url"] = "https://acme.tracker.invalid",
            ["Exalate:Tracker:Account"] = "proxy@acme.example",
            ["Exalate:Tracker:Token"] = Token,
        });
        var secrets = node.Get<ISecretProtector>();
        await using var db = await DbAsync();
        db.Add(new TrackerWatch { RegistrationId = Hook, TrackerUrl = "https://acme.tracker.invalid", ProtectedSecret = secrets.Protect(HookSecret), PollSince = DateTimeOffset.UnixEpoch });
        var connection = new Connection
        {
            Id = Ids.New(), LinkId = link, Name = "acme_to_globex", Type = ConnectionType.Public, Mode = ConnectionMode.Basic, Status = ConnectionStatus.Active, IsInviter = true,
            LocalShortName = "acme", RemoteShortName = "globex", RemoteUrl = "https://globex.invalid", ProtectedSecret = secrets.Protect(ConnectionSecret), CreatedAt = DateTimeOffset.UnixEpoch,
        };
        db.Add(connection);
        db.Add(new Twin { Id = Ids.New(), ConnectionId = connection.Id, PairId = Ids.New(), LocalEntityId = "10042", State = TwinState.Synchronized, StartedHere = true, CreatedAt = DateTimeOffset.UnixEpoch });
        await db.SaveChangesAsync();
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await node.DisposeAsync();
    }

    [Theory]
    [InlineData("POST", "requests")]
    [InlineData("POST", "results")]
    [InlineData("GET", "entities/10042/attachments/10007")]
    [InlineData("GET", "entities/..%2F..%2Fkeys/attachments/..%2Fx")]
    public async Task Every_peer_endpoint_of_a_connection_refuses_who_does_not_sign(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{node.Url}/peer/v1/connections/{link}/{path}");
        using var answer = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("{\"status\":401,\"code\":\"signature-missing\"}", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("invitations/inspect")]
    [InlineData("invitations/accept")]
    [InlineData("offers")]
    public async Task Every_unsigned_peer_endpoint_wants_what_only_an_invitation_holds(string path)
    {
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync($"{node.Url}/peer/v1/{path}", content);

        Assert.InRange((int)answer.StatusCode, 400, 404);
    }

    [Fact]
    public async Task A_webhook_counts_only_with_the_vendors_signature_over_this_very_body()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(Hook, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(Hook, Signature("another secret", Body)));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(Hook, Signature("", Body)));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(Hook, Signature(HookSecret, Body + " ")));
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync("registration-2", Signature(HookSecret, Body)));
        Assert.Equal(0, await EventsAsync());

        Assert.Equal(HttpStatusCode.OK, await CallAsync(Hook, Signature(HookSecret, Body)));
        Assert.Equal(1, await EventsAsync());
    }

    [Fact]
    public async Task A_webhook_body_for_nobody_is_not_read()
    {
        // Who does not know a registration could fill the memory with bodies.
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{node.Url}/hooks/nobody") { Content = new NeverEnding() };
        request.Headers.ExpectContinue = true;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var answer = await http.SendAsync(request, patience.Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_forged_form_signs_nobody_in()
    {
        using var browser = node.Browser();
        using var answer = await browser.PostAsync("/sign-in", new()
        {
            ["_handler"] = "sign-in", ["Input.Email"] = HostedNode.Email, ["Input.Password"] = HostedNode.Password,
        });

        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task No_secret_stands_in_a_page_a_view_or_the_log()
    {
        await CallAsync(Hook, Signature("wrong", Body));
        using var browser = await node.SignedInAsync();
        var shown = new StringBuilder();
        foreach (var path in new[] { "/", "/settings", "/connections", "/connections?dialog=accept", "/connections/accept?offer=x" })
            shown.Append(await (await browser.GetAsync(path)).Content.ReadAsStringAsync());
        await using (var scope = node.Services.CreateAsyncScope())
        {
            var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
            shown.Append(JsonSerializer.Serialize(await mediator.Send(new GetNodeSettings())));
            shown.Append(JsonSerializer.Serialize(await mediator.Send(new ListConnections())));
            Assert.Contains("acme_to_globex", shown.ToString());
        }

        var logged = string.Join('\n', node.Log.Lines);
        foreach (var secret in new[] { Token, HookSecret, ConnectionSecret, HostedNode.Password })
        {
            Assert.DoesNotContain(secret, shown.ToString());
            Assert.DoesNotContain(secret, logged);
        }
    }

    private static string Signature(string secret, string body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    private async Task<HttpStatusCode> CallAsync(string registration, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{node.Url}/hooks/{registration}") { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
        if (signature is not null)
            request.Headers.Add("X-Hub-Signature", signature);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<int> EventsAsync()
    {
        await using var db = await DbAsync();
        return await db.SyncEvents.CountAsync();
    }

    private Task<ExalateDbContext> DbAsync() => node.Get<IDbContextFactory<ExalateDbContext>>().CreateDbContextAsync();

    /// <summary>Would be sent for ever if the server asked for it.</summary>
    private sealed class NeverEnding : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.Delay(Timeout.Infinite);

        protected override bool TryComputeLength(out long length)
        {
            length = 9 * 1024 * 1024;
            return true;
        }
    }
}
