using Bunit;
using Exalate.Console.Features.Entities;
using Exalate.Core;
using Exalate.Core.Sync;
using Exalate.Core.Sync.Conflicts;
using Exalate.Core.Sync.Entities;
using Exalate.Core.Sync.Errors;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Console.Pages;

public sealed class ShowingAnEntity : PageTest
{
    private EntityStatusView status = new() { Key = "TEST-1", Link = "https://acme.atlassian.net/browse/TEST-1", Summary = "On fire", Pairs = [Pair()] };
    private Result reversal = Result.Success;

    public ShowingAnEntity()
    {
        Mediator.On<GetEntityStatus, EntityStatusView>(_ => status);
        Mediator.On<ListConflicts, ConflictPage>(_ => new ConflictPage([Lost()], 1, 20));
        Mediator.On<UnexalateEntity, Result>(_ => Result.Success);
        Mediator.On<ReverseConflict, Result>(request => request.Anyway ? Result.Success : reversal);
        Mediator.On<ExalateEntity, Result<ExalateStarted>>(_ => new ExalateStarted(Sample.TwinId, "TEST-1"));
    }

    [Fact]
    public void The_entity_comes_from_the_address_and_what_is_typed_goes_there()
    {
        var page = Open("/entities?urn=TEST-1");
        Assert.Equal("TEST-1", Assert.Single(Mediator.Sent<GetEntityStatus>()).Urn);
        page.Find("#entity-urn").Change(" https://app.asana.com/0/1/1204 ");
        page.Find("form").Submit();
        Assert.Equal("entities?urn=https%3A%2F%2Fapp.asana.com%2F0%2F1%2F1204", Address);
    }

    [Fact]
    public void Both_sides_stand_beside_each_other_with_what_differs()
    {
        status = status with
        {
            Pairs =
            [
                Pair() with
                {
                    Fields = [new("Summary", "<b>ours</b>", "theirs", [new(DiffSide.LocalOnly, "<b>ours</b>"), new(DiffSide.RemoteOnly, "theirs")]), new("Type", "Bug", "Bug", [])],
                    Errors = [Sample.Error()],
                    OpenIncoming = 1,
                    UnseenWrites = 4,
                },
            ],
        };
        var page = Open("/entities?urn=TEST-1");

        Assert.Equal(["here <b>ours</b>", "there theirs"], page.FindAll("[data-field=Summary] .exalate-diff > div").Select(Text));
        Assert.Empty(page.FindAll("[data-field=Summary] b"));
        Assert.Contains("the same", Text(page.Find("[data-field=Type]")));
        Assert.Equal("Under sync, but stopped", Text(page.Find("[data-pair] h2 .exalate-chip")));
        Assert.Contains("4 writes here could not be checked", page.Markup);
        Assert.Equal("/errors?error=r1", page.FindAll("a").Single(link => Text(link) == "Show this error").GetAttribute("href"));
    }

    [Fact]
    public void What_a_held_connection_keeps_from_going_on_is_said_and_leads_to_the_decision()
    {
        var held = Sample.Progress(SyncPhase.Synchronized) with { Held = "Stopped: 60 of 100 entities were deleted here. Decide on the Errors page.", HeldError = "h1" };
        status = status with { Pairs = [Pair() with { Progress = held }, Pair() with { Progress = held with { TwinId = new Guid(4, 0, 0, new byte[8]) }, State = TwinState.Ended }] };
        var page = Open("/entities?urn=TEST-1");

        var word = Assert.Single(page.FindAll("[data-held]"));
        Assert.Equal("Stopped: 60 of 100 entities were deleted here. Decide on the Errors page. Show this error", Text(word));
        Assert.Equal("/errors?error=h1", word.QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal(["Under sync, but stopped", "Out of sync"], page.FindAll("[data-pair] h2 .exalate-chip").Select(Text));
    }

    [Fact]
    public void A_side_that_wrote_nothing_says_so()
    {
        status = status with { Pairs = [Pair() with { Fields = [new("Type", "Bug", "Bug", [])], Parts = [new("Comments", ["Anna: Hello"], [])] }] };
        Assert.Equal(["Anna: Hello", "none"], Open("/entities?urn=TEST-1").FindAll(".exalate-sides > div").Select(side => Text(side.LastElementChild!)));
    }

    [Theory]
    [InlineData(TwinState.LocalRemoved, "Nothing has to be done.", "1204")]
    [InlineData(TwinState.RemoteRemoved, "Exalate makes a new twin over there", "TEST-1")]
    public void A_deleted_entity_has_no_page_to_open_and_a_word_on_what_to_do(TwinState state, string word, string left)
    {
        status = status with { Link = null, IsGone = state == TwinState.LocalRemoved, Pairs = [Pair() with { State = state }] };
        var page = Open("/entities?urn=TEST-1");
        Assert.Contains(word, Text(page.Find("[data-pair]")));
        Assert.StartsWith(left, Text(Assert.Single(page.FindAll("[data-pair] dl a"))));
        Assert.Equal(state == TwinState.LocalRemoved, Text(page.Find("#entity-name")).Contains("(deleted)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unexalate_asks_with_words()
    {
        var page = Open("/entities?urn=TEST-1");
        await Button(page, "Unexalate").ClickAsync();
        Assert.Empty(Mediator.Sent<UnexalateEntity>());
        Assert.Contains("TEST-1 and 1204 are taken out of sync on acme_to_globex, and globex is told so. Both entities stay", page.Find("[role=alertdialog]").TextContent);
        await page.FindAll("[role=alertdialog] button").Single(button => Text(button) == "Unexalate").ClickAsync();
        Assert.Equal((Sample.TwinId, "kim@acme.example"), Tuple(Assert.Single(Mediator.Sent<UnexalateEntity>())));
        Assert.Empty(page.FindAll("[role=alertdialog]"));

        static (Guid, string?) Tuple(UnexalateEntity sent) => (sent.TwinId, sent.By);
    }

    [Fact]
    public async Task Exalate_asks_for_the_connection()
    {
        var other = new Guid(7, 0, 0, new byte[8]);
        status = status with { Pairs = [], CanExalateOn = [new(Sample.ConnectionId, "acme_to_globex"), new(other, "acme_to_initech")] };
        var page = Open("/entities?urn=TEST-1");
        Assert.Contains("Not under sync on any connection.", page.Markup);
        page.Find("#entity-connection").Change(other.ToString());
        await Button(page, "Exalate").ClickAsync();
        Assert.Equal(new ExalateEntity(other, "TEST-1", "kim@acme.example"), Assert.Single(Mediator.Sent<ExalateEntity>()));
    }

    [Fact]
    public async Task A_conflict_is_reversed_and_a_newer_edit_is_asked_about()
    {
        reversal = new EditedSinceConflict("The summary of TEST-1 was edited since this conflict.");
        var page = Open("/entities");
        Assert.Contains("Ours", Text(page.Find("[data-conflict]")));
        await Button(page, "Reverse").ClickAsync();
        Assert.Contains("edited since this conflict", page.Find("[role=alertdialog]").TextContent);
        await Button(page, "Reverse anyway").ClickAsync();

        Assert.Equal([false, true], Mediator.Sent<ReverseConflict>().Select(sent => sent.Anyway));
        Assert.Empty(page.FindAll("[role=alertdialog]"));
    }

    [Fact]
    public void It_changes_by_itself_and_says_what_can_not_be_found()
    {
        var page = Open("/entities?urn=TEST-1");
        status = new EntityStatusView { Problem = "Neither this node's tracker nor any connection knows 'TEST-1'." };
        Changes.Ring(NodeChange.Twins);
        page.WaitForAssertion(() => Assert.Contains("nor any connection knows", page.Markup));
        page.Instance.Dispose();
        Assert.Equal(0, Changes.Listeners);
    }

    private static PairStatusView Pair() => new()
    {
        Progress = Sample.Progress(SyncPhase.Synchronized),
        ConnectionName = "acme_to_globex",
        LocalShortName = "acme",
        RemoteShortName = "globex",
        State = TwinState.Synchronized,
        CreatedAt = Sample.Noon,
    };

    private static ConflictView Lost() => new()
    {
        Id = new Guid(9, 0, 0, new byte[8]),
        TwinId = Sample.TwinId,
        ConnectionName = "acme_to_globex",
        LocalKey = "TEST-1",
        Field = "summary",
        LocalValue = "Ours",
        RemoteValue = "Theirs",
        LocalWon = false,
        At = Sample.Noon,
        CanReverse = true,
    };

    private IRenderedComponent<EntitiesPage> Open(string address)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<EntitiesPage>();
    }
}
