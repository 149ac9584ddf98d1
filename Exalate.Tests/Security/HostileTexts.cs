using Bunit;
using Exalate.Console.Features.Connections;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.RichText;
using Exalate.Core.Sync;
using Exalate.Tests.Console.Pages;

namespace Exalate.Tests.Security;

/// <summary>Texts of the other company, in the console and in the tracker.</summary>
public sealed class HostileTexts : PageTest
{
    private const string Evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>";

    [Fact]
    public void What_a_partner_says_about_a_pair_is_text_in_the_console()
    {
        Mediator.On<GetConnection, ConnectionView?>(_ => Sample.Connection() with { RemoteShortName = Evil });
        Mediator.On<GetTwinProgress, TwinProgress?>(_ => Sample.Progress(SyncPhase.WaitingForRemote) with { RemoteKey = Evil, Problem = Evil, Note = Evil, NeedsAttention = true, RemoteLink = "javascript:alert(1)" });
        var dialog = Render<ConnectionDialog>(one => one.Add(d => d.ConnectionId, Sample.ConnectionId).Add(d => d.TwinId, Sample.TwinId).Add(d => d.OnTwin, (Guid? _) => { }).Add(d => d.OnClose, () => { }));

        Assert.Empty(dialog.FindAll("script, img, [onerror]"));
        Assert.DoesNotContain("javascript:", dialog.Markup);
        Assert.Contains(Evil, dialog.Find(".exalate-sentence").TextContent);
    }

    [Theory]
    [InlineData("asana")]
    [InlineData("asana-comment")]
    [InlineData("azure")]
    [InlineData("markdown")]
    [InlineData("azure-markdown")]
    [InlineData("adf")]
    public void A_script_in_a_synced_text_arrives_as_words(string dialect)
    {
        // Every place where a partner's JSON can put characters of its own choice.
        var json = System.Text.Json.JsonSerializer.Serialize(Evil);
        var document = RichDocumentJson.Deserialize(
            "{\"blocks\":[{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":" + json + ",\"href\":\"javascript:alert(1)\",\"hrefTitle\":" + json + ",\"textColor\":" + json + "},"
            + "{\"type\":\"mention\",\"id\":" + json + ",\"name\":" + json + "},{\"type\":\"image\",\"name\":" + json + ",\"url\":\"javascript:alert(1)\",\"alt\":" + json + "},"
            + "{\"type\":\"opaque\",\"dialect\":" + System.Text.Json.JsonSerializer.Serialize(dialect) + ",\"raw\":" + json + ",\"text\":" + json + "},"
            + "{\"type\":\"card\",\"url\":\"javascript:alert(1)\"}]},"
            + "{\"type\":\"code\",\"language\":" + json + ",\"text\":" + json + "},"
            + "{\"type\":\"opaque\",\"dialect\":" + System.Text.Json.JsonSerializer.Serialize(dialect) + ",\"raw\":" + json + ",\"blocks\":[{\"type\":\"paragraph\",\"content\":[" + json + "]}]}]}");

        var written = Dialects.Find(dialect)!.Write(document, RichTextHooks.None);
        var shown = HtmlView.Render(Dialects.Find(dialect)!.Read(written, RichTextHooks.None));

        // Read again as whoever shows it does: nothing became an element or an address that runs.
        var parser = new AngleSharp.Html.Parser.HtmlParser();
        var page = parser.ParseDocument(dialect is "asana" or "asana-comment" or "azure" ? written : shown);
        Assert.Empty(page.QuerySelectorAll("script, [onerror], a[href^='javascript'], img[src='x']"));
        Assert.Contains("alert(1)", page.Body!.TextContent);
        if (dialect is "markdown" or "azure-markdown")
            Assert.Empty(parser.ParseDocument(Markdig.Markdown.ToHtml(written)).QuerySelectorAll("script, [onerror], a[href^='javascript'], img[src='x']"));
    }
}
