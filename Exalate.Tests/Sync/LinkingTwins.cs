using Exalate.Core.RichText;

namespace Exalate.Tests.Sync;

/// <summary>Links to an entity under sync: on the other side they lead to its twin.</summary>
public sealed class LinkingTwins : IAsyncLifetime
{
    private EnginePair pair = null!;

    private FakeTracker A => pair.A.Tracker;

    private FakeTracker B => pair.B.Tracker;

    public async Task InitializeAsync() => pair = await EnginePair.CreateAsync();

    public async Task DisposeAsync() => await pair.DisposeAsync();

    [Fact]
    public async Task A_link_leads_to_the_twin_in_descriptions_and_comments_and_nothing_echoes()
    {
        var known = A.Add("Known");
        var (_, knownTwin) = await pair.ExalateAsync(known.Key);
        var entity = A.Add("Refers");
        A.Edit(entity.Id, e => e with { Description = Saying(known.Link) });
        var comment = A.Comment(entity.Id, "Anna Bright", "");
        A.Edit(entity.Id, e => e with { Comments = [.. e.Comments.Select(c => c with { Body = Saying(known.Link) })] });

        var (_, twin) = await pair.ExalateAsync(entity.Key);

        Assert.Equal(Saying(B[knownTwin].Link), B[twin].Description);
        Assert.Equal(Saying(B[knownTwin].Link).Blocks, Assert.Single(B[twin].Comments).Body.Blocks.TakeLast(1));
        Assert.Equal(Saying(known.Link), A[entity.Id].Description);
        var sent = (pair.A.Wire.Sent.Count, pair.B.Wire.Sent.Count);
        await ReportAsync(entity.Id, twin);
        Assert.Equal(sent, (pair.A.Wire.Sent.Count, pair.B.Wire.Sent.Count));
    }

    [Fact]
    public async Task A_link_added_on_the_other_side_leads_back_here_and_the_rest_stays()
    {
        var known = A.Add("Known");
        var (_, knownTwin) = await pair.ExalateAsync(known.Key);
        var entity = A.Add("Refers");
        A.Edit(entity.Id, e => e with { Description = Saying(known.Link) });
        var (_, twin) = await pair.ExalateAsync(entity.Key);

        var more = new Paragraph([new TextRun("and see", Marks.Link(B[knownTwin].Link))]);
        B.Edit(twin, e => e with { Description = e.Description.Append(more) });
        await ReportAsync(entity.Id, twin);

        Assert.Equal(Saying(known.Link).Append(new Paragraph([new TextRun("and see", Marks.Link(known.Link))])), A[entity.Id].Description);
        Assert.Equal(Saying(B[knownTwin].Link).Append(more), B[twin].Description);
    }

    [Fact]
    public async Task Links_to_anything_else_stay_as_they_are()
    {
        var stranger = A.Add("Not under sync");
        var entity = A.Add("Refers");
        A.Edit(entity.Id, e => e with { Description = Saying(stranger.Link) });

        var (_, twin) = await pair.ExalateAsync(entity.Key);

        Assert.Equal(Saying(stranger.Link), B[twin].Description);
    }

    // A word that is linked, an address as it stands, and a card.
    private static RichDocument Saying(string link) => new(
    [
        new Paragraph([new TextRun("See "), new TextRun("this", Marks.Link(link)), new TextRun(" or "), new TextRun(link, Marks.Link(link)), new TextRun(" or "), new Card(link)]),
    ]);

    private async Task ReportAsync(string a, string b)
    {
        for (var round = 0; round < 2; round++)
        {
            await pair.A.ReportAsync(a);
            await pair.B.ReportAsync(b);
            await pair.SettleAsync();
        }
    }
}
