using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.RichText;
using Exalate.Core.Sync;
using Exalate.Core.Sync.Errors;
using Exalate.Core.Trackers;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.Sync;

/// <summary>A node whose database was restored from an old back-up, and whose admin goes on, knows in the end what it knew before: nothing doubled, nothing lost.</summary>
public sealed class RebuildingFromPartners
{
    /// <summary>Each is a whole life of two nodes: enough to meet the pages, the pairs and the last look.</summary>
    private const int Kills = 4;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task WhatHappenedSinceTheBackup_IsKnownAgain_AndNothingIsDoubled(bool restoresInviter, bool isPrivate)
    {
        await using var world = await World.CreateAsync(restoresInviter, isPrivate);
        await world.LiveOnAsync();
        await world.RestoreAsync();
        await world.GoOnAsync();
        await world.MeetsAllAsync();
        // What the lost node had copied was found, and nothing was written anew.
        Assert.DoesNotContain(world.Restored.Tracker.Calls.Skip(world.CallsBefore), call => call is "create" or "comment" or "attach" or "comment-update");
    }

    /// <summary>The answer to the partner's change is in the back-up, and had not gone out: nothing of that change is in doubt.</summary>
    [Fact]
    public async Task WhatTheBackupKnowsAsCopied_IsNotLookedFor()
    {
        await using var pair = await EnginePair.CreateAsync();
        var entity = pair.B.Tracker.Add("Summary");
        await pair.B.ExalateAsync(entity.Key);
        await pair.SettleAsync();
        pair.A.Wire.LosesResults = true;
        pair.B.Tracker.Comment(entity.Id, "Bo", "Hello");
        await pair.B.ReportAsync(entity.Id);
        await pair.SettleAsync();
        await using (var db = pair.A.Db())
        {
            var connection = db.Connections.Single();
            (connection.HeldSince, connection.HeldKind, connection.HeldSentence) = (pair.Time.GetUtcNow(), HoldKind.OldCopy, "Either this node was restored, or it runs twice.");
            await db.SaveChangesAsync();
        }

        var asked = Assert.Single((await pair.A.SendAsync(new ListErrors(new ErrorFilter()))).Items, error => error.IsHeld);
        await pair.A.SendAsync(new RetryErrors(new ErrorSelection([asked.Id]), "kim@a.example"));
        await pair.SettleForAsync(TimeSpan.FromSeconds(5));
        pair.A.Wire.LosesResults = false;
        await pair.SettleForAsync(TimeSpan.FromMinutes(15));
        await using var after = pair.A.Db();
        Assert.Empty(after.Intents.ToList());
        Assert.Single(Assert.Single(pair.A.Tracker.Entities).Comments);
        Assert.DoesNotContain(after.SyncRequests.ToList(), row => row.IsOpen);
    }

    [Fact]
    public async Task KilledAnywhereInTheMiddle_ItEndsTheSame()
    {
        var total = await RunAsync(null);
        Assert.True(total > 20 * Kills, $"Only {total} calls were made: the scenario has shrunk.");
        for (var kill = 1; kill <= Kills; kill++)
            await RunAsync(total * kill / (Kills + 1));

        static async Task<int> RunAsync(int? at)
        {
            await using var world = await World.CreateAsync(restoresInviter: true, isPrivate: false);
            await world.LiveOnAsync();
            await world.RestoreAsync();
            world.Restored.Crash.Reset();
            await world.DecideAsync();
            world.Restored.Crash.At = at;
            await world.PassAsync(TimeSpan.FromSeconds(15));
            var calls = world.Restored.Crash.Calls;
            world.Restored.Restart();
            await world.PassAsync(TimeSpan.FromMinutes(11));
            await world.MeetsAllAsync();
            return calls;
        }
    }

    [Fact]
    public async Task AnEditThatThePartnerMade_IsNotRefused_WhileTheNodeLooksForWhatItKnew()
    {
        await using var world = await World.CreateAsync(restoresInviter: true, isPrivate: false);
        await world.LiveOnAsync();
        await world.RestoreAsync(notice: false);
        world.Partner.Tracker.Edit(world.NewOfPartner, row => row with { Summary = "While it knows nothing" });
        await world.Partner.ReportAsync(world.NewOfPartner);
        await world.PassAsync(TimeSpan.FromSeconds(30));
        Assert.True(Assert.Single(await world.ErrorsAsync()).IsHeld);
        Assert.DoesNotContain((await world.Partner.SendAsync(new ListErrors(new ErrorFilter()))).Items, error => error.NeedsAttention);

        await world.GoOnAsync();
        Assert.Equal("While it knows nothing", world.Restored.Tracker[world.TwinOfNewOfPartner].Summary);
        await world.MeetsAllAsync();
    }

    /// <summary>"Gone" would be believed, and the file never asked for again.</summary>
    [Fact]
    public async Task AFileThatWasOffered_IsNotSaidToBeGone_WhileTheNodeLooksForWhatItKnew()
    {
        await using var world = await World.CreateAsync(restoresInviter: true, isPrivate: false);
        await world.LiveOnAsync();
        await world.RestoreAsync();
        var failure = await Assert.ThrowsAsync<TrackerException>(AskAsync);
        Assert.Equal(FailureCategory.Unavailable, failure.Category);

        await world.GoOnAsync();
        Assert.Null(await AskAsync());

        Task<OutgoingAttachment?> AskAsync() => world.Restored.Inbox.OpenAttachmentAsync(world.Restored.ConnectionId, world.NewHere, "a file that is not known here", default);
    }

    [Fact]
    public async Task APartnerThatIsTooOld_IsSaid_AndTheRestGoesOnWhenItIsUpdated()
    {
        await using var world = await World.CreateAsync(restoresInviter: true, isPrivate: false);
        await world.LiveOnAsync();
        await world.RestoreAsync();
        world.Restored.Wire.IsOldThere = true;
        await world.DecideAsync();
        await world.PassAsync(TimeSpan.FromMinutes(1));
        var error = Assert.Single(await world.ErrorsAsync());
        Assert.Contains("is too old to say which pairs it knows", error.Sentence, StringComparison.Ordinal);

        world.Restored.Wire.IsOldThere = false;
        await world.PassAsync(TimeSpan.FromMinutes(13));
        await world.MeetsAllAsync();
    }

    /// <summary>A partner that has our result in its queue does not know yet what it says.</summary>
    [Fact]
    public async Task APartnerThatIsBehindOurOwnResults_SaysSo_AndIsAskedAgain()
    {
        await using var world = await World.CreateAsync(restoresInviter: true, isPrivate: false);
        await world.LiveOnAsync();
        await using (var db = world.Partner.Db())
        {
            var last = await db.SyncEvents.OrderBy(row => row.Id).LastAsync(row => row.Stage == EventStage.Done);
            last.Stage = EventStage.ResultArrived;
            await db.SaveChangesAsync();
            var told = await world.Partner.Inbox.RecallAsync(world.Partner.ConnectionId, new RecallQuestion(), default);
            Assert.Equal(await db.Twins.Where(twin => twin.Id == last.TwinId).Select(twin => twin.PairId).SingleAsync(), Assert.Single(told.Pairs, said => said.IsUnsettled).PairId);
            last.Stage = EventStage.Done;
            await db.SaveChangesAsync();
        }

        await world.RestoreAsync();
        var behind = 2;
        world.Restored.Wire.Lie = said => behind-- > 0 ? said with { Pairs = [.. said.Pairs.Select(pair => pair with { IsUnsettled = true, YourEntityId = null, Traces = 0 })] } : said;
        await world.DecideAsync();
        await world.Restored.WorkAsync();
        Assert.Contains("still works in results", Assert.Single(await world.ErrorsAsync()).Sentence, StringComparison.Ordinal);

        await world.PassAsync(TimeSpan.FromMinutes(15));
        await world.MeetsAllAsync();
    }

    [Fact]
    public async Task APartnerThatLies_BringsNothingUnderSyncThatWasNotShared_AndGetsNoHandOnWhatPeopleWrote()
    {
        await using var world = await World.CreateAsync(restoresInviter: true, isPrivate: false);
        await world.LiveOnAsync();
        var secret = world.Restored.Tracker.Add("Nobody else's business");
        var personal = world.Restored.Tracker.Comment(world.NewHere, "Ann", "Mine");
        await world.RestoreAsync();
        world.Restored.Wire.Lie = said => said with
        {
            Pairs = [.. said.Pairs.Select(Greedy), new RecalledPair { PairId = Ids.New(), State = "Synchronized", YourEntityId = secret.Id, Voucher = said.Pairs.FirstOrDefault()?.Voucher, MyEntityId = "77", Detail = new RecalledDetail() }],
        };
        await world.GoOnAsync();
        await using var db = world.Restored.Db();
        Assert.False(await db.Twins.AnyAsync(row => row.LocalEntityId == secret.Id));
        Assert.False(await db.Traces.AnyAsync(row => row.IsCopyHere && row.LocalId == personal));
        Assert.DoesNotContain(world.Partner.Tracker.Entities, row => row.Summary == secret.Summary);
        Assert.Contains(world.Restored.Tracker[world.NewHere].Comments, row => row.Id == personal);

        RecalledPair Greedy(RecalledPair pair) => pair.Detail is { } detail && pair.YourEntityId == world.NewHere
            ? pair with { Detail = detail with { MyComments = [.. detail.MyComments, new CopyTrace("made-up", personal)] } }
            : pair;
    }

    /// <summary>Two nodes with a life before the back-up, one after it, and one that was restored.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("exalate-backup-").FullName;
        private readonly Dictionary<string, string> pairs = [];
        private string old = "";
        private string untouched = "";

        public required EnginePair Pair { get; init; }

        public required EngineSide Restored { get; init; }

        public EngineSide Partner => Restored == Pair.A ? Pair.B : Pair.A;

        /// <summary>Made after the back-up, on the side that is restored.</summary>
        public string NewHere { get; private set; } = "";

        /// <summary>Made after the back-up by the partner.</summary>
        public string NewOfPartner { get; private set; } = "";

        public string TwinOfNewOfPartner => pairs.Single(row => row.Value == NewOfPartner).Key;

        public int CallsBefore { get; private set; }

        public static async Task<World> CreateAsync(bool restoresInviter, bool isPrivate)
        {
            var pair = await (isPrivate ? EnginePair.CreatePrivateAsync() : EnginePair.CreateAsync());
            var world = new World { Pair = pair, Restored = restoresInviter ? pair.A : pair.B };
            world.old = await world.ShareAsync(world.Restored, "Old", "Text");
            world.untouched = await world.ShareAsync(world.Restored, "Untouched", "Text");
            world.Restored.Tracker.Comment(world.old, "Ann", "Before the back-up");
            world.Restored.Tracker.Comment(world.old, "Ann", "To be removed");
            world.Partner.Tracker.Comment(world.pairs[world.old], "Bob", "From there, before the back-up");
            await world.ReportAsync(world.old);
            world.Copy(toBackup: true);
            return world;
        }

        /// <summary>What the back-up does not know: pairs, comments and files of both sides, edits, removals.</summary>
        public async Task LiveOnAsync()
        {
            var there = pairs[old];
            Restored.Tracker.RemoveComment(old, Restored.Tracker[old].Comments.Single(row => row.Body.ToPlainText() == "To be removed").Id);
            Restored.Tracker.Comment(old, "Ann", "From here");
            Restored.Tracker.Attach(old, "here.txt", [1, 2]);
            Restored.Tracker.Edit(old, row => row with { Summary = "Edited here" });
            await ReportAsync(old);
            Partner.Tracker.Comment(there, "Bob", "From there");
            Partner.Tracker.Attach(there, "there.txt", [3, 4, 5]);
            Partner.Tracker.Edit(there, row => row with { Description = RichDocument.FromPlainText("Edited there") });
            await ReportAsync(old);
            NewHere = await ShareAsync(Restored, "New here", "Text");
            var shared = await ShareAsync(Partner, "New there", "Text");
            NewOfPartner = pairs[shared];
            Restored.Tracker.Comment(NewHere, "Ann", "New, from here");
            Partner.Tracker.Comment(pairs[NewHere], "Bob", "New, from there");
            Restored.Tracker.Comment(shared, "Ann", "New too, from here");
            Partner.Tracker.Attach(NewOfPartner, "new.txt", [6]);
            await ReportAsync(NewHere);
            await ReportAsync(shared);

            // On its way when the node was lost: applied here, and the partner has not heard of it.
            Restored.Wire.LosesResults = true;
            Partner.Tracker.Comment(there, "Bob", "On its way");
            Partner.Tracker.Attach(there, "way.txt", [7, 8]);
            await Partner.ReportAsync(there);
            var first = Partner.Tracker.Add("First sync on its way", "Text");
            Partner.Tracker.Comment(first.Id, "Bob", "With a comment");
            await Partner.ExalateAsync(first.Key);
            await PassAsync(TimeSpan.FromSeconds(20));
        }

        public async Task RestoreAsync(bool notice = true)
        {
            Copy(toBackup: false);
            Restored.Wire.LosesResults = false;
            Restored.Restart();
            CallsBefore = Restored.Tracker.Calls.Count;
            if (!notice)
                return;
            Partner.Tracker.Edit(pairs[old], row => row with { Summary = "Edited there at last" });
            await Partner.ReportAsync(pairs[old]);
            await PassAsync(TimeSpan.FromMinutes(11));
            Assert.Contains(await ErrorsAsync(), error => error.IsHeld);
        }

        public async Task DecideAsync() => await Restored.SendAsync(new RetryErrors(new ErrorSelection([(await ErrorsAsync()).Single(error => error.IsHeld).Id]), "kim@a.example"));

        public async Task GoOnAsync()
        {
            await DecideAsync();
            await PassAsync(TimeSpan.FromMinutes(12));
        }

        public async Task<IReadOnlyList<SyncErrorView>> ErrorsAsync() => (await Restored.SendAsync(new ListErrors(new ErrorFilter()))).Items;

        /// <summary>Both trackers hold the same, each thing once, and what is edited from now on travels on every pair.</summary>
        public async Task MeetsAllAsync()
        {
            Assert.True((await ErrorsAsync()).Count == 0, string.Join(" ", (await ErrorsAsync()).Select(e => e.Sentence)));
            Assert.Equal(0, await Partner.SendAsync(new CountErrors()));
            Assert.Equal(5, Restored.Tracker.Entities.Count(row => row.Summary != "Nobody else's business"));
            Assert.Equal(5, Partner.Tracker.Entities.Count);
            var all = await PairsAsync();
            foreach (var (here, there) in all)
            {
                SameOnBoth(here, there);
                Restored.Tracker.Edit(here, row => row with { Summary = $"From here {here}" });
                Partner.Tracker.Edit(there, row => row with { Description = RichDocument.FromPlainText($"From there {there}") });
                Restored.Tracker.Comment(here, "Ann", "At last");
                await Restored.ReportAsync(here);
                await Partner.ReportAsync(there);
            }

            await PassAsync(TimeSpan.FromSeconds(15));
            foreach (var (here, there) in all)
            {
                Assert.Equal(($"From here {here}", $"From there {there}"), (Partner.Tracker[there].Summary, Restored.Tracker[here].Description.ToPlainText()));
                SameOnBoth(here, there);
            }

            await using var db = Restored.Db();
            Assert.Empty(await db.Intents.ToListAsync());
            Assert.All(await db.Connections.ToListAsync(), row => Assert.Null(row.HeldSince));
        }

        public async ValueTask DisposeAsync()
        {
            await Pair.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }

        private async Task<List<(string Here, string There)>> PairsAsync()
        {
            await using var db = Restored.Db();
            var twins = await db.Twins.AsNoTracking().ToListAsync();
            Assert.Equal(5, twins.Count);
            Assert.All(twins, twin => Assert.Equal(TwinState.Synchronized, twin.State));
            return [.. twins.Select(twin => (twin.LocalEntityId!, twin.RemoteEntityId!))];
        }

        private void SameOnBoth(string here, string there)
        {
            var (one, other) = (Restored.Tracker[here], Partner.Tracker[there]);
            Assert.Equal((one.Summary, one.Description.ToPlainText()), (other.Summary, other.Description.ToPlainText()));
            Assert.Equal(Texts(one), Texts(other));
            Assert.Equal(one.Attachments.Select(file => file.FileName).Order(), other.Attachments.Select(file => file.FileName).Order());
            Assert.Equal(one.Attachments.Count, one.Attachments.Select(file => file.FileName).Distinct().Count());
            Assert.Equal(one.Comments.Count, Texts(one).Distinct().Count());
        }

        /// <summary>What was said, without who said it: a copy names its author in its text.</summary>
        private static List<string> Texts(Core.Trackers.TrackerEntity entity) => [.. entity.Comments.Select(row => row.Body.ToPlainText().Split("commented:\n\n")[^1]).Order(StringComparer.Ordinal)];

        /// <summary>In few steps: retries fall due, and a test takes seconds.</summary>
        public async Task PassAsync(TimeSpan span)
        {
            var step = span < TimeSpan.FromMinutes(1) ? TimeSpan.FromSeconds(15) : TimeSpan.FromMinutes(1);
            for (var passed = TimeSpan.Zero; passed < span; passed += step)
            {
                await Pair.SettleAsync();
                Pair.Time.Advance(step);
            }

            await Pair.SettleAsync();
        }

        /// <returns>The entity on the side that is restored.</returns>
        private async Task<string> ShareAsync(EngineSide side, string summary, string text)
        {
            var entity = side.Tracker.Add(summary, text);
            var twin = await side.ExalateAsync(entity.Key);
            await PassAsync(TimeSpan.FromSeconds(5));
            var other = (await side.ProgressAsync(twin)).RemoteKey!.Split('-')[1];
            var (here, there) = side == Restored ? (entity.Id, other) : (other, entity.Id);
            pairs[here] = there;
            return here;
        }

        private Task ReportAsync(string here) => ReportAsync(here, pairs[here]);

        private async Task ReportAsync(string here, string there)
        {
            await Restored.ReportAsync(here);
            await Partner.ReportAsync(there);
            await PassAsync(TimeSpan.FromSeconds(8));
        }

        /// <summary>SQLite's own back-up, into a file and out of it.</summary>
        private void Copy(bool toBackup)
        {
            using var copy = new SqliteConnection($"Data Source={Path.Combine(folder, "backup.db")};Pooling=False");
            copy.Open();
            if (toBackup)
                Restored.Sql.BackupDatabase(copy);
            else
                copy.BackupDatabase(Restored.Sql);
        }
    }
}
