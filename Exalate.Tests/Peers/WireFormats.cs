using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Replicas;
using Exalate.Core.RichText;

namespace Exalate.Tests.Peers;

/// <summary>The JSON in docs/peer-protocol.md is what goes over the wire: another implementation reads that page.</summary>
public sealed partial class WireFormats
{
    private const string Token = "q0xPZ3hYb2ZmZXJzLWFyZS1ub3Qtc2VjcmV0LWhlcmU";
    private const string EventId = "0198c5be7c0a4c22a4f7f2bb1a2d9c11";
    private const string Voucher = "3u0VbY4QG0m1c0p1bXh2T1k5c2V0cy1zdGF5LWhvbWU";
    private static readonly Guid PairId = new("7c9e6679-7425-40de-944b-e07fc1f90ae7");
    private static readonly Guid LinkId = new("0f8fad5b-d9cb-469f-a165-70867728950e");
    private static readonly IReadOnlyDictionary<string, string> Documented = ReadDocument();

    private static readonly PeerIdentity Acme = new()
    {
        Uid = "5b0c2f0e7a3d4a0c9c0a6f6f0d2b7e11",
        Name = "Jira node of Acme",
        ShortName = "acme",
        Url = "https://exalate.acme.example",
        Tracker = new PeerTracker("Jira", "https://acme.atlassian.net"),
        Version = "0.1.0",
    };

    private static readonly PeerIdentity Globex = new()
    {
        Uid = "9d41c1c0f4b64d1c8a7a1f0f6c2b3e55",
        Name = "Asana node of Globex",
        ShortName = "globex",
        Url = "https://exalate.globex.example",
        Tracker = new PeerTracker("Asana", "https://app.asana.com"),
        Version = "0.1.0",
    };

    private static readonly Dictionary<string, object> Messages = new()
    {
        ["problem"] = new PeerProblem(401, PeerCodes.SignatureMissing),
        ["about"] = new PeerAbout
        {
            Product = PeerAbout.ProductName, Protocols = [PeerAbout.Protocol], Uid = Acme.Uid, Name = Acme.Name, ShortName = Acme.ShortName, Url = Acme.Url, Tracker = Acme.Tracker,
            Version = "0.1.0", Modes = ["Basic"], Types = ["Public", "Private", "Local"], Time = TestClock.Noon,
        },
        ["invitation-payload"] = new InvitationPayload
        {
            LinkId = LinkId, Token = Token, ExpiresAt = TestClock.Noon.AddDays(14), Url = Acme.Url, Uid = Acme.Uid, Node = Acme.Name, ShortName = Acme.ShortName, Tracker = "Jira",
            TrackerUrl = Acme.Tracker.Url, Mode = "Basic", Type = "Public", Name = "acme_to_unknown", For = Globex.Uid,
        },
        ["inspect"] = new InspectInvitation(LinkId, Token),
        ["standing"] = new InvitationStanding("open", TestClock.Noon.AddDays(14)),
        ["accept"] = new ExchangeInvitation(LinkId, Token, "Jm9xYzJ0cWZ2a3J5bGJ6d3h1", Globex),
        ["accepted"] = new InvitationExchanged("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY", Acme),
        ["offer"] = new HandOverInvitation("EXA1-AAAA"),
        ["offered"] = new InvitationHandedOver("Zk3vXq1m8bYt0aLr5cWd2eHj7nPs9uGi"),
        ["taken"] = new MessageTaken("stored"),
        ["ask-for-mail"] = new AskForMail([new MailReceipt(41), new MailReceipt(42, "This pair is not under sync here (any more).")], 25, 20971520),
        ["mail"] = new MailGiven([new MailItem(43, "result", JsonSerializer.SerializeToElement(new { eventId = EventId, outcome = "Applied" }))]),
        ["file-wanted"] = new FileWanted("Zk3vXq1m8bYt0aLr5cWd2eHj7nPs9uGi", "10042", "10007", EventId),
        ["register"] = new RegisterInvitation(
            LinkId, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "c2hvd24tYnktdGhlLWludml0ZXItYWxvbmUtbm90LWluLWNvZGU", Acme.Uid, Globex.Uid,
            TestClock.Noon.AddDays(14), false),
        ["registered"] = new RegistrationStanding("used", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY", Globex),
        ["request"] = new SyncRequestMessage
        {
            EventId = EventId, PairId = new Guid("7c9e6679-7425-40de-944b-e07fc1f90ae7"), Kind = SyncRequestKind.Upsert, Version = 3, BasedOn = 2, Changed = [Field.Summary, Field.Comments],
            Replica = new Replica
            {
                EntityId = "10042", Key = "TEST-1", Link = "https://acme.atlassian.net/browse/TEST-1", Type = "Bug", Summary = "Login fails",
                Description = RichDocument.FromPlainText("Since Monday."),
                Comments = [new ReplicaComment("10101", "Anna Bright", RichDocument.FromPlainText("Me too."), TestClock.Noon.AddHours(-1))],
                Attachments = [new ReplicaAttachment("10007", "screen.png", "image/png", 48213)],
                Pictures = new Dictionary<string, string> { ["2f1c8a54-0b7d-4e39-9a61-c5d2e8f07b13"] = "10007" },
                People = new Dictionary<string, string> { ["712020:2b94d7e6-13f5-4c08-8a2e-6c7f90b1e502"] = PersonKey.Of("c2VjcmV0", "anna@acme.example") },
            },
            Serial = 5120, Seen = 4711, Voucher = Voucher,
        },
        ["notice"] = new NoticeMessage { Number = TestClock.Noon.ToUnixTimeMilliseconds(), Kind = nameof(NoticeKind.Moved), At = TestClock.Noon, Url = Acme.Url },
        ["result"] = new SyncResultMessage
        {
            EventId = EventId, Outcome = SyncOutcome.Applied, EntityId = "1204567890123456", Key = "1204567890123456", Link = "https://app.asana.com/0/0/1204567890123456",
            Readback = new FieldReadback { Type = "Task", Summary = "Login fails", Description = RichDocument.FromPlainText("Since Monday.") },
            Comments = [new CopyTrace("10101", "1204567890999999")],
            Attachments = [new CopyTrace("10007", "1204567890888888")],
            Note = "Created as 'Task': the project has no type 'Bug'.",
            Serial = 5120, Seen = 5098, Voucher = "Zk9yIHRoZSBzZW5kZXIgYWxvbmUsIG5vYm9keSBlbHNl",
        },
        ["pulse"] = new PulseMessage(0, "0639000000000000000", "0639000009000000000"),
        ["pulse-taken"] = new PulseTaken(true),
        ["recall"] = new RecallQuestion { After = "639000000000000000" },
        ["recall-pairs"] = new RecallQuestion { Pairs = [PairId] },
        ["recall-wanted"] = new RecallWanted("Zk3vXq1m8bYt0aLr5cWd2eHj7nPs9uGi", new RecallQuestion { After = "639000000000000000" }),
        ["recalled"] = new RecallAnswer(
            [
                new RecalledPair
                {
                    PairId = PairId, State = "Synchronized", StartedByYou = true, YourEntityId = "10042", Voucher = Voucher, MyEntityId = "1204567890123456", MyKey = "1204567890123456",
                    MyLink = "https://app.asana.com/0/0/1204567890123456", Received = 3, Acknowledged = 2, Traces = 2,
                },
            ],
            "639000000000000001"),
        ["recalled-detail"] = new RecalledDetail
        {
            Mine = new Replica
            {
                EntityId = "1204567890123456", Key = "1204567890123456", Link = "https://app.asana.com/0/0/1204567890123456", Type = "Task", Summary = "Login fails",
                Description = RichDocument.FromPlainText("Since Monday."),
            },
            YourComments = [new CopyTrace("10101", "1204567890999999")], OfferedComments = ["1204567890777777"], OfferedSince = TestClock.Noon,
        },
    };

    public static TheoryData<string> Names => [.. Messages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_written_is_what_is_documented(string name) =>
        Assert.Equal(Documented[name], JsonNode.Parse(JsonSerializer.Serialize(Messages[name], Messages[name].GetType(), ReplicaJson.Options))!.ToJsonString());

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_documented_is_read_also_with_something_new_in_it(string name)
    {
        var json = JsonNode.Parse(Documented[name])!.AsObject();
        json["addedLater"] = new JsonObject { ["x"] = 1 };
        var type = Messages[name].GetType();
        var read = JsonSerializer.Deserialize(json.ToJsonString(), type, ReplicaJson.Options);
        Assert.Equal(Documented[name], JsonNode.Parse(JsonSerializer.Serialize(read, type, ReplicaJson.Options))!.ToJsonString());
    }

    [Fact]
    public void Every_documented_message_is_checked_here() => Assert.Equal(Messages.Keys.Order(), Documented.Keys.Order());

    [Fact]
    public void Every_code_is_documented()
    {
        var page = File.ReadAllText(PagePath());
        var codes = typeof(PeerCodes).GetFields().Select(field => (string)field.GetValue(null)!).ToList();
        Assert.True(codes.Count > 20);
        Assert.All(codes, code => Assert.Contains($"`{code}`", page));
    }

    private static Dictionary<string, string> ReadDocument() =>
        Example().Matches(File.ReadAllText(PagePath())).ToDictionary(match => match.Groups["name"].Value, match => JsonNode.Parse(match.Groups["json"].Value)!.ToJsonString());

    private static string PagePath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Exalate.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "docs", "peer-protocol.md");
    }

    [GeneratedRegex(@"<!-- wire: (?<name>[a-z-]+) -->\s*```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
