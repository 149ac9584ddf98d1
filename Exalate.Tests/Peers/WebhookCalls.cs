using System.Net;
using System.Text;
using Exalate.Core.Sync;
using Exalate.Tests.Connections;

namespace Exalate.Tests.Peers;

public sealed class WebhookCalls : IAsyncLifetime
{
    private readonly HttpClient http = new();
    private TestNode node = null!;

    public async Task InitializeAsync() => node = await TestNode.StartAsync("acme");

    public async Task DisposeAsync()
    {
        http.Dispose();
        await node.DisposeAsync();
    }

    [Fact]
    public async Task The_raw_body_and_the_headers_reach_the_core_and_its_answer_goes_back()
    {
        node.Inbox.WebhookAnswer = new WebhookAnswer(200, "X-Hook-Secret", "shake");
        var raw = Encoding.UTF8.GetBytes("{ \"a\" :\t1 }\n");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{node.Url}/hooks/reg-1?x=1") { Content = new ByteArrayContent(raw) };
        request.Headers.Add("X-Hub-Signature", "sha256=00");
        var answer = await http.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, "shake"), (answer.StatusCode, answer.Headers.GetValues("X-Hook-Secret").Single()));
        var (registration, headers, body) = Assert.Single(node.Inbox.Webhooks);
        Assert.Equal(("reg-1", "sha256=00"), (registration, headers["x-hub-signature"]));
        Assert.Equal(raw, body);
    }

    [Fact]
    public async Task An_oversized_body_is_refused_and_reaches_nothing()
    {
        var declared = await http.PostAsync($"{node.Url}/hooks/reg-1", new ByteArrayContent(new byte[11 * 1024 * 1024]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, declared.StatusCode);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, $"{node.Url}/hooks/reg-1") { Content = new ByteArrayContent(new byte[11 * 1024 * 1024]) };
        chunked.Headers.TransferEncodingChunked = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await http.SendAsync(chunked)).StatusCode);
        Assert.Empty(node.Inbox.Webhooks);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    public async Task A_refusal_of_the_core_is_the_answer(int status)
    {
        node.Inbox.WebhookAnswer = new WebhookAnswer(status);
        Assert.Equal(status, (int)(await http.PostAsync($"{node.Url}/hooks/reg-1", new StringContent("{}"))).StatusCode);
    }
}
