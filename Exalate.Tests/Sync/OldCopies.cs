using Exalate.Core.Connections;
using Exalate.Core.Sync;
using Exalate.Core.Sync.Errors;
using Microsoft.Data.Sqlite;

namespace Exalate.Tests.Sync;

/// <summary>A node whose database was restored from a back-up, or that runs twice, notices, stops, and goes on in a new epoch.</summary>
public sealed class OldCopies : IAsyncLifetime
{
    private readonly string backup = Directory.CreateTempSubdirectory("exalate-backup-").FullName;
    private EnginePair pair = null!;

    private FakeTracker A => pair.A.Tracker;

    private FakeTracker B => pair.B.Tracker;

    public async Task InitializeAsync() => pair = await EnginePair.CreateAsync();

    public async Task DisposeAsync()
    {
        await pair.DisposeAsync();
        Directory.Delete(backup, recursive: true);
    }

    [Fact]
    public async Task ARestoredBackup_IsNoticed_SendsNothingMore_AndGoesOnInANewEpoch()
    {
        var entity = A.Add("First");
        var (_, b) = await pair.ExalateAsync(entity.Key);
        Copy(pair.A, Path.Combine(backup, "a.db"), toBackup: true);
        await EditAsync(entity.Id, "After the back-up");
        await EditAsync(entity.Id, "And again");

        Copy(pair.A, Path.Combine(backup, "a.db"), toBackup: false);
        pair.A.Restart();
        B.Edit(b, row => row with { Summary = "From B" });
        await pair.B.ReportAsync(b);
        await pair.SettleForAsync(TimeSpan.FromSeconds(5));
        var asked = Assert.Single((await pair.A.SendAsync(new ListErrors(new ErrorFilter()))).Items);
        Assert.Contains("restored from an old back-up", asked.Sentence, StringComparison.Ordinal);
        Assert.Null(asked.IgnoreMeans);

        var sent = pair.A.Wire.Sent.Count;
        await EditAsync(entity.Id, "While it asks");
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(sent, pair.A.Wire.Sent.Count);
        Assert.NotEqual("While it asks", B[b].Summary);

        await pair.A.SendAsync(new RetryErrors(new ErrorSelection([asked.Id]), "kim@a.example"));
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));
        await EditAsync(entity.Id, "In the new epoch");
        await pair.SettleForAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(("In the new epoch", "In the new epoch"), (A[entity.Id].Summary, B[b].Summary));
        Assert.Single(B.Entities);
        Assert.Equal(0, await pair.A.SendAsync(new CountErrors()));

        // Nothing that the partner still holds from before makes it ask again.
        B.Edit(b, row => row with { Summary = "And back" });
        await pair.B.ReportAsync(b);
        await pair.SettleForAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("And back", A[entity.Id].Summary);
    }

    /// <summary>The first that goes on has all rebuilt; the second must not skip that.</summary>
    [Fact]
    public async Task SeveralConnectionsThatNoticed_AreAllRebuilt_WhenTheyGoOnTogether()
    {
        await using (var db = pair.A.Db())
        {
            var one = db.Connections.Single();
            (one.HeldSince, one.HeldKind, one.HeldSentence) = (pair.Time.GetUtcNow(), HoldKind.OldCopy, "Either this node was restored, or it runs twice.");
            db.Connections.Add(new Connection
            {
                Id = Ids.New(), LinkId = Ids.New(), Name = "another", Type = one.Type, Mode = one.Mode, Status = ConnectionStatus.Active, IsInviter = true, LocalShortName = "A", RemoteShortName = "C",
                CreatedAt = one.CreatedAt, HeldSince = one.HeldSince, HeldKind = HoldKind.OldCopy, HeldSentence = one.HeldSentence,
            });
            await db.SaveChangesAsync();
        }

        var asked = (await pair.A.SendAsync(new ListErrors(new ErrorFilter()))).Items;
        await pair.A.SendAsync(new RetryErrors(new ErrorSelection([.. asked.Select(error => error.Id)]), "kim@a.example"));
        await using var after = pair.A.Db();
        Assert.All(after.Connections.ToList(), row => Assert.Equal(HoldKind.Rebuilding, row.HeldKind));
        Assert.Equal(1, after.Settings.Single().Epoch);
    }

    [Fact]
    public async Task TheOtherCopy_StopsWhenThePartnerKnowsTheNewEpoch()
    {
        var entity = A.Add("First");
        var (_, b) = await pair.ExalateAsync(entity.Key);
        await using (var db = pair.A.Db())
        {
            // The other copy was told to go on and has sent a change since.
            db.Settings.Single().Epoch = 1;
            await db.SaveChangesAsync();
        }

        await EditAsync(entity.Id, "From the right copy");
        await using (var db = pair.A.Db())
        {
            db.Settings.Single().Epoch = 0;
            await db.SaveChangesAsync();
        }

        B.Edit(b, row => row with { Summary = "From B" });
        await pair.B.ReportAsync(b);
        await pair.SettleForAsync(TimeSpan.FromSeconds(5));
        Assert.True(Assert.Single((await pair.A.SendAsync(new ListErrors(new ErrorFilter()))).Items).IsHeld);
    }

    [Fact]
    public async Task AnAnswerToAChangeOfAClone_StopsTheConnection_AndALateAnswerDoesNot()
    {
        var entity = A.Add("First");
        await pair.ExalateAsync(entity.Key);
        await EditAsync(entity.Id, "Second");
        var answer = pair.B.Wire.Sent.OfType<Core.Peers.SyncResultMessage>().Last();
        await pair.A.Inbox.StoreResultAsync(pair.A.ConnectionId, answer, default);
        Assert.Equal(0, await pair.A.SendAsync(new CountErrors()));

        await pair.A.Inbox.StoreResultAsync(pair.A.ConnectionId, answer with { EventId = "made-by-the-clone" }, default);
        Assert.True(Assert.Single((await pair.A.SendAsync(new ListErrors(new ErrorFilter()))).Items).IsHeld);
        Assert.Equal(0, await pair.B.SendAsync(new CountErrors()));
    }

    [Fact]
    public async Task ALongSilence_IsNoOldCopy()
    {
        var entity = A.Add("First");
        var (_, b) = await pair.ExalateAsync(entity.Key);
        pair.Time.Advance(TimeSpan.FromDays(90));
        // The partner may keep its rows for longer.
        await pair.A.RetainAsync();
        B.Edit(b, row => row with { Summary = "After three months" });
        await pair.B.ReportAsync(b);
        await pair.SettleForAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("After three months", A[entity.Id].Summary);
        Assert.Equal(0, await pair.A.SendAsync(new CountErrors()));
    }

    /// <summary>SQLite's own back-up, into a file and out of it.</summary>
    private static void Copy(EngineSide side, string file, bool toBackup)
    {
        using var copy = new SqliteConnection($"Data Source={file};Pooling=False");
        copy.Open();
        if (toBackup)
            side.Sql.BackupDatabase(copy);
        else
            copy.BackupDatabase(side.Sql);
    }

    private async Task EditAsync(string a, string summary)
    {
        A.Edit(a, entity => entity with { Summary = summary });
        await pair.A.ReportAsync(a);
        await pair.SettleAsync();
    }
}
