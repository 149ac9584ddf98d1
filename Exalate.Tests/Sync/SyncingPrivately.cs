using Exalate.Core.Peers.Mail;
using Exalate.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.Sync;

/// <summary>Two engines of which A can't call B: all that B should know is fetched.</summary>
public sealed class SyncingPrivately : IAsyncLifetime
{
    private EnginePair pair = null!;

    private FakeTracker A => pair.A.Tracker;

    private FakeTracker B => pair.B.Tracker;

    public async Task InitializeAsync() => pair = await EnginePair.CreatePrivateAsync();

    public async Task DisposeAsync() => await pair.DisposeAsync();

    [Fact]
    public async Task Changes_travel_both_ways_and_nothing_echoes()
    {
        var issue = A.Add("Printer", "On fire");
        A.Comment(issue.Id, "Anna Bright", "Bring water");
        var (_, twin) = await pair.ExalateAsync(issue.Key);
        Assert.Equal("Printer", B[twin].Summary);
        Assert.Single(B[twin].Comments);

        A.Edit(issue.Id, entity => entity with { Summary = "From A" });
        await ReportAsync(issue.Id, twin);
        Assert.Equal("From A", B[twin].Summary);
        B.Edit(twin, entity => entity with { Summary = "From B" });
        await ReportAsync(issue.Id, twin);
        Assert.Equal("From B", A[issue.Id].Summary);

        var mails = await LastMailAsync();
        await ReportAsync(issue.Id, twin);
        Assert.Equal(mails, await LastMailAsync());
        Assert.Empty(await WaitingAsync());
    }

    [Fact]
    public async Task A_change_that_was_not_fetched_is_still_being_sent_and_a_long_silence_heals_in_order()
    {
        var issue = A.Add("Printer");
        var (twinId, twin) = await pair.ExalateAsync(issue.Key);

        pair.B.Wire.IsCut = true;
        foreach (var summary in new[] { "One", "Two", "Three" })
        {
            A.Edit(issue.Id, entity => entity with { Summary = summary });
            await pair.A.ReportAsync(issue.Id);
            await pair.SettleForAsync(TimeSpan.FromSeconds(30));
        }

        var progress = await pair.A.ProgressAsync(twinId);
        Assert.Equal(SyncPhase.Sending, progress.Phase);
        Assert.Contains("has not asked for its messages", progress.Problem);
        B.Edit(twin, entity => entity with { Description = Exalate.Core.RichText.RichDocument.FromPlainText("Meanwhile") });
        await pair.B.ReportAsync(twin);
        await pair.SettleForAsync(TimeSpan.FromMinutes(4));

        pair.B.Wire.IsCut = false;
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));
        await ReportAsync(issue.Id, twin);
        Assert.Equal(("Three", "Meanwhile"), (B[twin].Summary, B[twin].Description.ToPlainText()));
        Assert.Equal(("Three", "Meanwhile"), (A[issue.Id].Summary, A[issue.Id].Description.ToPlainText()));
        Assert.Equal(SyncPhase.Synchronized, (await pair.A.ProgressAsync(twinId)).Phase);
        Assert.Empty(await WaitingAsync());
    }

    [Fact]
    public async Task A_message_that_the_private_side_refuses_waits_for_an_admin_and_goes_out_again_when_asked()
    {
        var issue = A.Add("Printer");
        var (twinId, twin) = await pair.ExalateAsync(issue.Key);
        var room = pair.A.MailRoom;
        A.Edit(issue.Id, entity => entity with { Summary = "Refused once" });
        await pair.A.ReportAsync(issue.Id);
        while (await pair.A.WorkAsync())
        {
            // Until the mail is put.
        }

        var mail = Assert.Single((await room.GiveAsync(pair.A.ConnectionId, new AskForMail([], 0, 1_000_000), default, default))!.Mail);
        await room.GiveAsync(pair.A.ConnectionId, new AskForMail([new MailReceipt(mail.Id, "Not today.")], 0, 1_000_000), default, default);
        var progress = await pair.A.ProgressAsync(twinId);
        Assert.True(progress.NeedsAttention);
        Assert.Contains("Not today.", progress.Problem);

        Assert.True((await pair.A.SendAsync(new RetryTwin(twinId, null))).IsSuccess);
        await pair.SettleAsync();
        Assert.Equal("Refused once", B[twin].Summary);
    }

    private async Task ReportAsync(string a, string b)
    {
        await pair.A.ReportAsync(a);
        await pair.B.ReportAsync(b);
        await pair.SettleAsync();
        await pair.A.ReportAsync(a);
        await pair.B.ReportAsync(b);
        await pair.SettleAsync();
    }

    private async Task<List<PeerMail>> WaitingAsync()
    {
        await using var db = pair.A.Db();
        return await db.Set<PeerMail>().ToListAsync();
    }

    /// <summary>How many messages A has left for B so far, in requests and results alike.</summary>
    private async Task<int> LastMailAsync()
    {
        await using var db = pair.A.Db();
        return await db.SyncEvents.CountAsync(row => row.MessageJson != null) + await db.SyncRequests.CountAsync();
    }
}
