using System.Net;
using System.Text.Json;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Replicas;
using Exalate.Core.Sync.Mail;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Connections;

/// <summary>Two real nodes of which one has no address: how they agree, and how messages and files reach the one that can't be called.</summary>
public sealed class PrivatePartners : IAsyncLifetime
{
    private readonly MailLoop.State state = new();
    private TestNode acme = null!;
    private TestNode hidden = null!;

    private IPeerClient FromAcme => acme.Services.GetRequiredService<IPeerClient>();

    private IPeerClient FromHidden => hidden.Services.GetRequiredService<IPeerClient>();

    private MailLoop Loop => hidden.Services.GetRequiredService<MailLoop>();

    public async Task InitializeAsync()
    {
        acme = await TestNode.StartAsync("acme", configure: options => options.FileBeginsWithin = TimeSpan.FromSeconds(5));
        hidden = await TestNode.StartAsync("hidden", TrackerKind.Asana, isPrivate: true);
    }

    public async Task DisposeAsync()
    {
        await acme.DisposeAsync();
        await hidden.DisposeAsync();
    }

    [Fact]
    public async Task The_destination_is_unknown_until_it_accepts_and_makes_all_requests_then()
    {
        var made = (await acme.SendAsync(acme.Initiation(null))).Value;
        var waiting = (await acme.SendAsync(new ListConnections())).Single();
        Assert.Equal(("acme_to_unknown", ConnectionType.Private, "unknown", null, null), (waiting.Name, waiting.Type, waiting.RemoteShortName, waiting.RemoteTracker, waiting.RemoteUrl));

        Assert.True((await hidden.AcceptAsync(await acme.CodeAsync(made.ConnectionId))).IsSuccess);

        var (here, there) = (await acme.ConnectionAsync(), await hidden.ConnectionAsync());
        Assert.Equal((ConnectionStatus.Active, Reach.OnlyTheyCall, "acme_to_hidden", null), (here.Status, here.Reach, here.Name, here.RemoteUrl));
        Assert.Equal((ConnectionStatus.Active, Reach.OnlyWeCall, ConnectionType.Private, acme.Url), (there.Status, there.Reach, there.Type, there.RemoteUrl));
        Assert.Null(here.Problem);
    }

    [Fact]
    public async Task A_node_that_could_be_called_accepts_a_private_connection_too_and_is_not_called()
    {
        await using var globex = await TestNode.StartAsync("globex", TrackerKind.Asana);
        await acme.ConnectPrivateAsync(globex);
        Assert.Equal((Reach.OnlyTheyCall, null), ((await acme.ConnectionAsync()).Reach, (await acme.ConnectionAsync()).RemoteUrl));
        Assert.Equal(Reach.OnlyWeCall, (await globex.ConnectionAsync()).Reach);
    }

    [Fact]
    public async Task Two_private_nodes_are_refused_and_a_public_invitation_needs_an_address()
    {
        var refused = await hidden.SendAsync(hidden.Initiation(null));
        Assert.Contains("could never reach each other", Assert.IsType<Invalid>(refused.Error).Sentence);
        var basic = (await hidden.SendAsync(new ListModesWithoutUrl())).Single(choice => choice.Mode == ConnectionMode.Basic);
        Assert.Contains("no Exalate URL", basic.DisabledBecause);
        Assert.Null((await acme.SendAsync(new ListModesWithoutUrl())).Single(choice => choice.Mode == ConnectionMode.Basic).DisabledBecause);

        await using var globex = await TestNode.StartAsync("globex");
        var made = await acme.InitiateAsync(globex);
        var code = InvitationCode.Read(await acme.CodeAsync(made.ConnectionId)).Value;
        var answer = await hidden.SendAsync(new ReadInvitation(InvitationCode.Write(code with { For = null })));
        Assert.Contains("has no Exalate URL", Assert.IsType<Conflict>(answer.Error).Sentence);
    }

    [Fact]
    public async Task Messages_wait_in_order_are_fetched_and_go_away_only_when_they_are_durable_over_there()
    {
        var (here, there) = await acme.ConnectPrivateAsync(hidden);
        var connection = await acme.ConnectionAsync();
        for (var number = 1; number <= 3; number++)
            await FromAcme.SendRequestAsync(connection, Message($"e{number}"), default);
        await FromAcme.SendResultAsync(connection, Result("r1", "first word"), default);
        await FromAcme.SendResultAsync(connection, Result("r1", "last word"), default);
        Assert.Equal(4, await WaitingAsync());

        Assert.Equal(4, await Loop.RoundAsync(there, state, 0, default));
        Assert.Equal(["e1", "e2", "e3"], hidden.Inbox.Requests.Select(request => request.Message.EventId));
        Assert.All(hidden.Inbox.Requests, request => Assert.Equal(there, request.ConnectionId));
        Assert.Equal("last word", Assert.Single(hidden.Inbox.Results).Message.Note);
        Assert.Equal(4, await WaitingAsync());

        // Killed before it could say so: all comes again.
        Assert.Equal(4, await Loop.RoundAsync(there, new MailLoop.State(), 0, default));
        Assert.Equal(0, await Loop.RoundAsync(there, state, 0, default));
        Assert.Equal(0, await WaitingAsync());
        Assert.Equal(6, hidden.Inbox.Requests.Count);
        Assert.NotNull((await acme.SendAsync(new GetConnection(here))));
    }

    [Fact]
    public async Task A_message_reaches_the_waiting_partner_within_two_seconds_from_another_process_too()
    {
        var (_, there) = await acme.ConnectPrivateAsync(hidden);
        var connection = await acme.ConnectionAsync();
        foreach (var anotherProcess in new[] { false, true })
        {
            var round = Loop.RoundAsync(there, state, 25, default);
            await WaitForAskerAsync();
            var room = anotherProcess ? ActivatorUtilities.CreateInstance<MailRoom>(acme.Services) : acme.Services.GetRequiredService<MailRoom>();
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            await room.PutAsync(connection.Id, MailKinds.Request, $"quick-{anotherProcess}", Message($"quick-{anotherProcess}"), default);
            Assert.Equal(1, await round.WaitAsync(TimeSpan.FromSeconds(20)));
            Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public async Task The_late_word_that_there_is_a_delay_takes_no_results_place()
    {
        await acme.ConnectPrivateAsync(hidden);
        var connection = await acme.ConnectionAsync();
        var delay = Result("e", "waits") with { Outcome = SyncOutcome.Delayed };
        await FromAcme.SendResultAsync(connection, delay, default);
        await FromAcme.SendResultAsync(connection, Result("e", "done"), default);
        await FromAcme.SendResultAsync(connection, delay with { Note = "of a worker that was overtaken" }, default);

        var given = await acme.Services.GetRequiredService<MailRoom>().GiveAsync(connection.Id, new AskForMail([], 0, 100_000), default, default);
        Assert.Equal("done", Assert.Single(given!.Mail).Body.GetProperty("note").GetString());
    }

    [Fact]
    public async Task What_the_private_side_refuses_or_can_not_hold_comes_back_as_a_sentence_and_holds_up_nothing()
    {
        var (_, there) = await acme.ConnectPrivateAsync(hidden);
        var connection = await acme.ConnectionAsync();
        hidden.Inbox.Answer = InboxAnswer.Refused("This pair is not under sync here.");
        await FromAcme.SendRequestAsync(connection, Message("bad"), default);
        await Loop.RoundAsync(there, state, 0, default);
        await Loop.RoundAsync(there, state, 0, default);
        Assert.Equal((false, "bad", "This pair is not under sync here."), Assert.Single(acme.Inbox.Refused));

        hidden.Inbox.Answer = InboxAnswer.Stored;
        await FromAcme.SendRequestAsync(connection, Message("long", new string('x', 200_000)), default);
        await FromAcme.SendRequestAsync(connection, Message("short"), default);
        var given = await acme.Services.GetRequiredService<MailRoom>().GiveAsync(connection.Id, new AskForMail([], 0, 100_000), default, default);
        Assert.Equal("short", Assert.Single(given!.Mail).Body.GetProperty("eventId").GetString());
        Assert.Contains("more than the partner's node takes", acme.Inbox.Refused[^1].Sentence);
    }

    [Fact]
    public async Task The_private_side_posts_what_it_has_and_fetches_files_by_calling()
    {
        await acme.ConnectPrivateAsync(hidden);
        var connection = await hidden.ConnectionAsync();
        acme.Inbox.Attachment = (_, attachment) => attachment == "7" ? new OutgoingAttachment(new MemoryStream([1, 2, 3]), 3, "image/png") : null;
        await FromHidden.SendRequestAsync(connection, Message("from hidden"), default);
        Assert.Equal("from hidden", Assert.Single(acme.Inbox.Requests).Message.EventId);
        await using var file = await FromHidden.OpenAttachmentAsync(connection, "10", "7", "e", default);
        Assert.Equal([1, 2, 3], await BytesAsync(file));
    }

    [Fact]
    public async Task A_file_of_the_private_side_is_asked_for_and_sent_and_only_an_offered_one()
    {
        var (_, there) = await acme.ConnectPrivateAsync(hidden);
        var connection = await acme.ConnectionAsync();
        var content = Enumerable.Range(0, 3_000_000).Select(number => (byte)number).ToArray();
        hidden.Inbox.Attachment = (entity, attachment) => (entity, attachment) == ("10/ü", "7") ? new OutgoingAttachment(new MemoryStream(content), content.Length, "image/png") : null;

        var opening = FromAcme.OpenAttachmentAsync(connection, "10/ü", "7", "e", default);
        await FetchUntilAsync(there, opening);
        await using (var file = await opening)
            Assert.Equal(content, await BytesAsync(file));

        var unknown = FromAcme.OpenAttachmentAsync(connection, "10/ü", "8", "e", default);
        await FetchUntilAsync(there, unknown);
        Assert.True((await Assert.ThrowsAsync<PeerException>(() => unknown)).AttachmentGone);
    }

    [Fact]
    public async Task An_upload_that_was_changed_on_the_way_is_not_used_and_another_connection_can_not_fill_the_place()
    {
        await acme.ConnectPrivateAsync(hidden);
        await using var other = await TestNode.StartAsync("other", isPrivate: true);
        var made = await acme.SendAsync(acme.Initiation(null));
        await other.AcceptAsync(await acme.CodeAsync(made.Value.ConnectionId));
        var connection = (await acme.ConnectionsAsync()).Single(one => one.RemoteShortName == "hidden");
        var opening = FromAcme.OpenAttachmentAsync(connection, "10", "7", "e", default);
        var want = await WantAsync();
        var spool = hidden.Services.GetRequiredService<AttachmentSpool>();
        await using var first = await spool.TakeAsync(new MemoryStream([1, 2, 3]), default);
        await using var second = await spool.TakeAsync(new MemoryStream([1, 2, 3]), default);

        var stranger = await Assert.ThrowsAsync<PeerException>(() => other.Services.GetRequiredService<PeerClient>().SendFileAsync(other.ConnectionAsync().Result, want, first, default));
        Assert.Equal(PeerCodes.FileUnwanted, stranger.Code);
        var refused = await Assert.ThrowsAsync<PeerException>(() =>
            hidden.Services.GetRequiredService<PeerClient>().SendFileAsync(hidden.ConnectionAsync().Result, want, second with { Sha256 = new byte[32] }, default));
        Assert.Equal(PeerCodes.DigestMismatch, refused.Code);
        Assert.Equal(FailureCategory.Transient, (await Assert.ThrowsAsync<PeerException>(() => opening)).Category);
    }

    [Fact]
    public async Task A_file_that_nobody_fetches_the_question_for_is_asked_for_again_later()
    {
        await using var brief = await TestNode.StartAsync("brief", configure: options => options.FileBeginsWithin = TimeSpan.FromSeconds(1));
        await brief.ConnectPrivateAsync(hidden);
        var connection = await brief.ConnectionAsync();
        var failure = await Assert.ThrowsAsync<PeerException>(() => brief.Services.GetRequiredService<IPeerClient>().OpenAttachmentAsync(connection, "10", "7", "e", default));
        Assert.Equal(FailureCategory.Unavailable, failure.Category);
        await using var db = brief.Database.CreateDbContext();
        Assert.Empty(await db.Set<PeerMail>().ToListAsync());
    }

    [Fact]
    public async Task An_upload_that_nobody_asked_for_is_refused_unread()
    {
        await acme.ConnectPrivateAsync(hidden);
        var spool = hidden.Services.GetRequiredService<AttachmentSpool>();
        await using var file = await spool.TakeAsync(new MemoryStream(new byte[100]), default);
        var failure = await Assert.ThrowsAsync<PeerException>(() =>
            hidden.Services.GetRequiredService<PeerClient>().SendFileAsync(hidden.ConnectionAsync().Result, "made-up-by-the-partner-0000", file, default));
        Assert.Equal((404, PeerCodes.FileUnwanted), (failure.StatusCode, failure.Code));
    }

    [Fact]
    public async Task A_partner_that_does_not_ask_is_named_with_the_time_and_one_that_asks_again_is_not()
    {
        var (here, there) = await acme.ConnectPrivateAsync(hidden);
        await Loop.RoundAsync(there, state, 0, default);
        acme.Clock.Advance(TimeSpan.FromMinutes(2));
        hidden.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Contains("has not asked for its messages since 2026-03-01 12:00:00 UTC", (await acme.SendAsync(new GetConnection(here)))!.Problem);
        await Loop.RoundAsync(there, state, 0, default);
        Assert.Null((await acme.SendAsync(new GetConnection(here)))!.Problem);
    }

    [Fact]
    public async Task A_partner_that_waits_with_too_many_calls_at_once_is_told_to_pause_and_a_wild_question_is_refused()
    {
        await acme.ConnectPrivateAsync(hidden);
        var room = acme.Services.GetRequiredService<MailRoom>();
        var id = (await acme.ConnectionAsync()).Id;
        using var stop = new CancellationTokenSource();
        var asking = Enumerable.Range(0, MailRoom.MaxAskers).Select(_ => room.GiveAsync(id, new AskForMail([], 25, 1), stop.Token, default)).ToList();
        Assert.Null(await room.GiveAsync(id, new AskForMail([], 25, 1), default, default));
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(asking), given => Assert.Empty(given!.Mail));

        var client = hidden.Services.GetRequiredService<PeerClient>();
        var wild = new AskForMail([.. Enumerable.Range(0, 5_000).Select(number => new MailReceipt(number))], 0, 1);
        var failure = await Assert.ThrowsAsync<PeerException>(() => client.AskForMailAsync(hidden.ConnectionAsync().Result, wild, default));
        Assert.Equal(PeerCodes.Malformed, failure.Code);
    }

    [Fact]
    public async Task A_secret_that_can_not_be_read_any_more_is_a_plain_503_and_a_line_in_the_log()
    {
        await acme.ConnectPrivateAsync(hidden);
        await using (var db = acme.Database.CreateDbContext())
        {
            (await db.Connections.SingleAsync()).ProtectedSecret = "made with keys that are lost";
            await db.SaveChangesAsync();
        }

        var failure = await Assert.ThrowsAsync<PeerException>(() => FromHidden.SendRequestAsync(hidden.ConnectionAsync().Result, Message("e"), default));
        Assert.Equal((503, PeerCodes.SecretUnreadable), (failure.StatusCode, failure.Code));
        Assert.Contains("its encryption keys are missing", failure.Sentence);
        Assert.Contains("can't be read", acme.Log.All);
    }

    private static SyncRequestMessage Message(string eventId, string summary = "Login fails") => new()
    {
        EventId = eventId,
        PairId = Guid.Parse("7c9e6679-7425-40de-944b-e07fc1f90ae7"),
        Kind = SyncRequestKind.Upsert,
        Version = 1,
        BasedOn = 0,
        Replica = new Replica { EntityId = "10", Key = "TEST-1", Link = "https://acme.tracker.example/TEST-1", Type = "Bug", Summary = summary, Description = Exalate.Core.RichText.RichDocument.Empty },
    };

    private static SyncResultMessage Result(string eventId, string note) => new() { EventId = eventId, Outcome = SyncOutcome.Applied, Note = note };

    private static async Task<byte[]> BytesAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    /// <summary>The name under which acme waits for a file.</summary>
    private async Task<string> WantAsync()
    {
        for (var tries = 0; ; tries++)
        {
            await using var db = acme.Database.CreateDbContext();
            if (await db.Set<PeerMail>().SingleOrDefaultAsync(mail => mail.Kind == MailKinds.File) is { } mail)
                return JsonDocument.Parse(mail.Body).RootElement.GetProperty("want").GetString()!;
            Assert.True(tries < 500, "Nobody asked for the file.");
            await Task.Delay(10);
        }
    }

    private async Task<int> WaitingAsync()
    {
        await using var db = acme.Database.CreateDbContext();
        return await db.Set<PeerMail>().CountAsync();
    }

    private async Task FetchUntilAsync(Guid connectionId, Task done)
    {
        while (!done.IsCompleted)
            await Loop.RoundAsync(connectionId, state, 1, default);
    }

    /// <summary>The partner's question stands at the door when the connection's row says that it asked.</summary>
    private async Task WaitForAskerAsync()
    {
        for (var tries = 0; (await acme.ConnectionAsync()).MailAskedAt is null; tries++)
        {
            Assert.True(tries < 500, "The partner did not ask.");
            await Task.Delay(20);
        }
    }
}
