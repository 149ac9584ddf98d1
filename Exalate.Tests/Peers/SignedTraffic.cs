using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Peers.Signing;
using Exalate.Core.Replicas;
using Exalate.Core.Trackers;
using Exalate.Tests.Connections;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Peers;

/// <summary>Two connected nodes over real HTTP: what partners send, and what others try.</summary>
public sealed class SignedTraffic : IAsyncLifetime
{
    private readonly HttpClient http = new();
    private TestNode acme = null!;
    private TestNode globex = null!;
    private Connection fromAcme = null!;
    private Connection fromGlobex = null!;

    private IPeerClient Client => acme.Services.GetRequiredService<IPeerClient>();

    public async Task InitializeAsync()
    {
        acme = await TestNode.StartAsync("acme", configure: options => (options.MaxAttachmentBytes, options.MaxSpoolBytes) = (4 * 1024 * 1024, 4 * 1024 * 1024));
        globex = await TestNode.StartAsync("globex", configure: options =>
        {
            options.MaxMessageBytes = 64 * 1024;
            options.MaxAttachmentBytes = 2 * 1024 * 1024;
        });
        await acme.ConnectAsync(globex);
        (fromAcme, fromGlobex) = (await acme.ConnectionAsync(), await globex.ConnectionAsync());
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await acme.DisposeAsync();
        await globex.DisposeAsync();
    }

    [Fact]
    public async Task Requests_and_results_arrive_on_the_partners_connection()
    {
        await Client.SendRequestAsync(fromAcme, Message("e1"), default);
        await globex.Services.GetRequiredService<IPeerClient>().SendResultAsync(fromGlobex, new SyncResultMessage { EventId = "e1", Outcome = SyncOutcome.Applied, Key = "Ünïcode-1" }, default);

        var request = Assert.Single(globex.Inbox.Requests);
        Assert.Equal((fromGlobex.Id, "e1"), (request.ConnectionId, request.Message.EventId));
        var result = Assert.Single(acme.Inbox.Results);
        Assert.Equal((fromAcme.Id, "e1", "Ünïcode-1"), (result.ConnectionId, result.Message.EventId, result.Message.Key));
    }

    [Fact]
    public async Task A_second_delivery_is_no_failure_and_a_refusal_brings_its_sentence()
    {
        globex.Inbox.Answer = InboxAnswer.AlreadyStored;
        await Client.SendRequestAsync(fromAcme, Message("e1"), default);
        globex.Inbox.Answer = InboxAnswer.Refused("The pair is unknown here.");
        var failure = await Assert.ThrowsAsync<PeerException>(() => Client.SendRequestAsync(fromAcme, Message("e2"), default));
        Assert.Equal((FailureCategory.Rejected, PeerCodes.MessageRefused), (failure.Category, failure.Code));
        Assert.Contains("The pair is unknown here", failure.Sentence);
    }

    [Fact]
    public async Task A_replayed_request_is_refused_and_not_delivered_twice()
    {
        var headers = Sign(fromAcme, "POST", Target("requests"), Body("e1"));
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync("POST", Target("requests"), headers, Body("e1"))).StatusCode);
        await AssertRefusedAsync(PeerCodes.Replayed, "POST", Target("requests"), headers, Body("e1"));
        Assert.Single(globex.Inbox.Requests);

        globex.Clock.Advance(TimeSpan.FromSeconds(299));
        await globex.RunChoresAsync();
        await AssertRefusedAsync(PeerCodes.Replayed, "POST", Target("requests"), headers, Body("e1"));
        globex.Clock.Advance(TimeSpan.FromSeconds(3));
        await globex.RunChoresAsync();
        await AssertRefusedAsync(PeerCodes.ClockWindow, "POST", Target("requests"), headers, Body("e1"));
        await using var db = globex.Database.CreateDbContext();
        Assert.Empty(await db.Set<PeerNonce>().ToListAsync());
    }

    [Fact]
    public async Task Of_many_at_once_with_the_same_nonce_one_passes()
    {
        var headers = Sign(fromAcme, "POST", Target("requests"), Body("e1"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync("POST", Target("requests"), headers, Body("e1"))));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Accepted);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public async Task A_request_from_another_time_is_refused(int seconds)
    {
        var headers = Sign(fromAcme, "POST", Target("requests"), Body("e1"), created: globex.Clock.GetUtcNow().ToUnixTimeSeconds() + seconds);
        await AssertRefusedAsync(PeerCodes.ClockWindow, "POST", Target("requests"), headers, Body("e1"));
    }

    [Fact]
    public async Task What_was_altered_on_the_way_is_refused()
    {
        var headers = Sign(fromAcme, "POST", Target("requests"), Body("e1"));
        await AssertRefusedAsync(PeerCodes.DigestMismatch, "POST", Target("requests"), headers, Body("e2"));
        await AssertRefusedAsync(PeerCodes.SignatureInvalid, "POST", Target("results"), headers, Body("e1"));
        await AssertRefusedAsync(PeerCodes.SignatureInvalid, "POST", Target("requests") + "?x=1", headers, Body("e1"));
        var otherDigest = new Dictionary<string, string>(headers) { ["content-digest"] = ContentDigest.Of(Body("e2")) };
        await AssertRefusedAsync(PeerCodes.SignatureInvalid, "POST", Target("requests"), otherDigest, Body("e2"));
        var otherSignature = new Dictionary<string, string>(headers) { ["signature"] = StructuredFields.WriteByteSequence("exalate", new byte[32]) };
        await AssertRefusedAsync(PeerCodes.SignatureInvalid, "POST", Target("requests"), otherSignature, Body("e1"));
        Assert.Empty(globex.Inbox.Requests);

        // None of them used up the nonce of the real one.
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync("POST", Target("requests"), headers, Body("e1"))).StatusCode);
    }

    [Fact]
    public async Task Without_a_signature_or_a_covered_part_it_is_refused()
    {
        await AssertRefusedAsync(PeerCodes.SignatureMissing, "POST", Target("requests"), new Dictionary<string, string>(), Body("e1"));
        var headers = Sign(fromAcme, "POST", Target("requests"), Body("e1"));
        foreach (var name in new[] { "content-digest", "exalate-recipient" })
        {
            var less = headers.Where(h => h.Key != name).ToDictionary();
            await AssertRefusedAsync(PeerCodes.SignatureInvalid, "POST", Target("requests"), less, Body("e1"));
        }

        var malformed = new Dictionary<string, string>(headers) { ["signature-input"] = headers["signature-input"].Replace("\"content-digest\" ", "") };
        await AssertRefusedAsync(PeerCodes.SignatureMalformed, "POST", Target("requests"), malformed, Body("e1"));
    }

    [Fact]
    public async Task A_key_opens_its_own_connection_alone()
    {
        await using var initech = await TestNode.StartAsync("initech");
        await initech.ConnectAsync(globex);
        var foreign = await initech.ConnectionAsync();

        var headers = Sign(foreign, "POST", Target("requests"), Body("e1"), recipient: fromAcme.RemoteNodeUid);
        await AssertRefusedAsync(PeerCodes.WrongConnection, "POST", Target("requests"), headers, Body("e1"));
        var pretending = Sign(fromAcme, "POST", Target("requests"), Body("e1"), secretOf: (foreign, "initech"));
        await AssertRefusedAsync(PeerCodes.SignatureInvalid, "POST", Target("requests"), pretending, Body("e1"));
        var upperCase = Target("requests").Replace(fromAcme.LinkId.ToString(), fromAcme.LinkId.ToString().ToUpperInvariant());
        await AssertRefusedAsync(PeerCodes.WrongConnection, "POST", upperCase, Sign(fromAcme, "POST", upperCase, Body("e1")), Body("e1"));
        Assert.Empty(globex.Inbox.Requests);
    }

    [Fact]
    public async Task A_request_to_one_node_is_no_request_to_another()
    {
        // Both sides hold the same secret: what one sends must not be accepted when it is sent back.
        var headers = Sign(fromAcme, "POST", Target("requests"), Body("e1"));
        await AssertRefusedAsync(PeerCodes.WrongRecipient, "POST", Target("requests"), headers, Body("e1"), acme.Url);
        Assert.Empty(acme.Inbox.Requests);
    }

    [Theory]
    [InlineData(ConnectionStatus.Deactivated)]
    [InlineData(ConnectionStatus.Pending)]
    public async Task A_connection_that_is_not_active_takes_nothing(ConnectionStatus status)
    {
        await ChangeAsync(globex, c => c.Status = status);
        var failure = await Assert.ThrowsAsync<PeerException>(() => Client.SendRequestAsync(fromAcme, Message("e1"), default));
        Assert.True(failure.ConnectionInactive);
        Assert.Equal(FailureCategory.Unavailable, failure.Category);
        Assert.Empty(globex.Inbox.Requests);
    }

    [Fact]
    public async Task A_deleted_connection_is_gone()
    {
        await using (var db = globex.Database.CreateDbContext())
        {
            db.RemoveRange(await db.Connections.ToListAsync());
            await db.SaveChangesAsync();
        }

        var failure = await Assert.ThrowsAsync<PeerException>(() => Client.SendRequestAsync(fromAcme, Message("e1"), default));
        Assert.True(failure.ConnectionGone);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_refused_on_both_sides_of_the_wire()
    {
        var failure = await Assert.ThrowsAsync<PeerException>(() => Client.SendRequestAsync(fromAcme, Message(new string('x', 70_000)), default));
        Assert.Equal((FailureCategory.Rejected, PeerCodes.TooLarge), (failure.Category, failure.Code));
        var back = await Assert.ThrowsAsync<PeerException>(() =>
            globex.Services.GetRequiredService<IPeerClient>().SendRequestAsync(fromGlobex, Message(new string('x', 70_000)), default));
        Assert.Contains("at most", back.Sentence);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{\"eventId\":\"\"}")]
    public async Task Nonsense_is_refused_whoever_signed_it(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var answer = await SendAsync("POST", Target("requests"), Sign(fromAcme, "POST", Target("requests"), bytes), bytes);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(globex.Inbox.Requests);
    }

    [Fact]
    public async Task A_file_arrives_byte_for_byte_and_leaves_nothing_in_the_spool()
    {
        var content = RandomNumberGenerator.GetBytes(1_500_000);
        globex.Inbox.Attachment = (entity, attachment) =>
            (entity, attachment) == ("10 042/a", "ü?7") ? new OutgoingAttachment(new MemoryStream(content), null, "image/png") : null;
        await using (var file = await Client.OpenAttachmentAsync(fromAcme, "10 042/a", "ü?7", "e1", default))
        {
            Assert.Equal(content.Length, file.Length);
            using var received = new MemoryStream();
            await file.CopyToAsync(received);
            Assert.True(content.AsSpan().SequenceEqual(received.GetBuffer().AsSpan(0, (int)received.Length)));
        }

        Assert.Empty(await SpooledAsync(acme));
        Assert.Empty(await SpooledAsync(globex));
    }

    [Fact]
    public async Task A_file_that_is_gone_too_large_or_unreadable_has_its_own_failure()
    {
        var gone = await Assert.ThrowsAsync<PeerException>(() => OpenAsync());
        Assert.True(gone.AttachmentGone);

        globex.Inbox.Attachment = (_, _) => new OutgoingAttachment(new MemoryStream(new byte[3 * 1024 * 1024]), null, "x/y");
        var tooLarge = await Assert.ThrowsAsync<PeerException>(() => OpenAsync());
        Assert.Equal((FailureCategory.Rejected, PeerCodes.AttachmentTooLarge), (tooLarge.Category, tooLarge.Code));

        globex.Inbox.Attachment = (_, _) => throw new TrackerException(FailureCategory.RateLimited, "secret words of the tracker") { RetryAfter = TimeSpan.FromSeconds(7) };
        var unreadable = await Assert.ThrowsAsync<PeerException>(() => OpenAsync());
        Assert.Equal((FailureCategory.Transient, TimeSpan.FromSeconds(7)), (unreadable.Category, unreadable.RetryAfter!.Value));
        Assert.DoesNotContain("secret words", unreadable.Sentence);
        Assert.Empty(await SpooledAsync(acme));
        Assert.Empty(await SpooledAsync(globex));
    }

    [Fact]
    public async Task Files_on_their_way_take_no_more_of_the_disk_than_they_may_and_give_their_room_back()
    {
        globex.Inbox.Attachment = (_, _) => new OutgoingAttachment(new MemoryStream(new byte[1_500_000]), null, "x/y");
        var spool = acme.Services.GetRequiredService<AttachmentSpool>();
        await using (await spool.TakeAsync(new MemoryStream(new byte[3_000_000]), default))
        {
            var noRoom = await Assert.ThrowsAsync<PeerException>(() => OpenAsync());
            Assert.Equal((FailureCategory.Transient, PeerClient.AfterAFullSpool), (noRoom.Category, noRoom.RetryAfter!.Value));
            Assert.Contains("all of the 4 MB that they may together (Peers:MaxSpoolBytes). It is tried again", noRoom.Sentence);
            // What did not fit is gone from the disk, and the other is still there.
            Assert.Single(await SpooledAsync(acme));
        }

        await using (await OpenAsync())
        await using (await OpenAsync())
            await Assert.ThrowsAsync<PeerException>(() => OpenAsync());
        await using var room = await OpenAsync();
    }

    [Fact]
    public async Task Files_are_for_the_partner_alone()
    {
        globex.Inbox.Attachment = (_, _) => new OutgoingAttachment(new MemoryStream([1]), 1, "text/html");
        var target = Target("entities/1/attachments/2");
        await AssertRefusedAsync(PeerCodes.SignatureMissing, "GET", target, new Dictionary<string, string>(), []);
        await AssertRefusedAsync(PeerCodes.SignatureInvalid, "GET", Target("entities/1/attachments/3"), Sign(fromAcme, "GET", target, []), []);
        var answer = await SendAsync("GET", target, Sign(fromAcme, "GET", target, []), []);
        Assert.Equal(("application/octet-stream", "attachment", "nosniff"), (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentDisposition!.DispositionType, answer.Headers.GetValues("X-Content-Type-Options").Single()));
    }

    [Fact]
    public async Task What_a_killed_node_left_in_the_spool_is_swept_at_its_next_start()
    {
        var spool = globex.Services.GetRequiredService<AttachmentSpool>();
        await using var inUse = await spool.TakeAsync(new MemoryStream([1, 2, 3]), default);
        var folder = Path.GetDirectoryName(inUse.Content.Name)!;
        var left = Path.Combine(folder, "left.spool");
        await File.WriteAllBytesAsync(left, [1]);
        await spool.SweepAsync(default);
        Assert.False(File.Exists(left));
        Assert.True(File.Exists(inUse.Content.Name));
    }

    [Fact]
    public async Task A_refusal_reveals_nothing_but_its_code()
    {
        var answer = await SendAsync("POST", Target("requests"), new Dictionary<string, string>(), Body("e1"));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("{\"status\":401,\"code\":\"signature-missing\"}", await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.Contains("signature"));
    }

    [Fact]
    public async Task Bodies_of_those_who_can_not_sign_are_not_even_read()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, globex.Url + Target("requests")) { Content = new ByteArrayContent(new byte[10 * 1024 * 1024]) };
        request.Headers.ExpectContinue = true;
        var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static SyncRequestMessage Message(string eventId) => new() { EventId = eventId.Length > 100 ? "e" : eventId, PairId = Guid.Empty, Kind = SyncRequestKind.Removed, Version = 1, BasedOn = 0, Replica = eventId.Length > 100 ? Large(eventId) : null };

    private static Replica Large(string text) => new() { EntityId = "1", Key = "K-1", Link = "https://x.example", Type = "Task", Summary = text, Description = Exalate.Core.RichText.RichDocument.Empty };

    private static byte[] Body(string eventId) => JsonSerializer.SerializeToUtf8Bytes(Message(eventId), ReplicaJson.Options);

    private string Target(string path) => $"/peer/v1/connections/{fromAcme.LinkId}/{path}";

    private Task<Stream> OpenAsync() => Client.OpenAttachmentAsync(fromAcme, "1", "2", "e1", default);

    private static IReadOnlyDictionary<string, string> Sign(
        Connection connection, string method, string target, byte[] body, long? created = null, string? recipient = null, (Connection Connection, string Node)? secretOf = null)
    {
        var holder = secretOf ?? (connection, connection.LocalShortName);
        var secret = new TestSecrets(holder.Node).Unprotect(holder.Connection.ProtectedSecret!);
        var key = PeerKey.Of(connection.LinkId, secret);
        var nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
        return PeerSignature.SignRequest(method, target, ContentDigest.Of(body), recipient ?? connection.RemoteNodeUid!, key, created ?? TestClock.Noon.ToUnixTimeSeconds(), nonce);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string target, IReadOnlyDictionary<string, string> headers, byte[] body, string? url = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), (url ?? globex.Url) + target)
        {
            Content = method == "GET" ? null : new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await http.SendAsync(request);
    }

    private async Task AssertRefusedAsync(string code, string method, string target, IReadOnlyDictionary<string, string> headers, byte[] body, string? url = null)
    {
        var answer = await SendAsync(method, target, headers, body, url);
        var problem = JsonSerializer.Deserialize<PeerProblem>(await answer.Content.ReadAsStringAsync(), ReplicaJson.Options);
        Assert.Equal((HttpStatusCode.Unauthorized, code), (answer.StatusCode, problem?.Code));
    }

    private static async Task ChangeAsync(TestNode node, Action<Connection> change)
    {
        await using var db = node.Database.CreateDbContext();
        change(await db.Connections.SingleAsync());
        await db.SaveChangesAsync();
    }

    private static async Task<string[]> SpooledAsync(TestNode node)
    {
        await using var db = node.Database.CreateDbContext();
        var folder = Path.Combine(Path.GetTempPath(), $"exalate-{(await db.Settings.SingleAsync()).NodeUid}");
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }
}
