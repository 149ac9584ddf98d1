using Exalate.Sandbox.Http;
using Exalate.Sandbox.Jira.Documents;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Jira;

/// <summary>The example issues.</summary>
internal static class JiraSeedIssues
{
    private const string Epic = "10000";
    private const string Story = "10001";
    private const string Task = "10002";
    private const string Bug = "10003";
    private const string Incident = "10005";

    private static readonly DateTimeOffset Start = new(2026, 9, 7, 7, 30, 0, TimeSpan.Zero);

    public static void Fill(JiraState state)
    {
        var seed = new Writer(state);
        Test(seed);
        Company(seed);
        Support(seed);
    }

    private static void Test(Writer seed)
    {
        seed.Issue("TEST", Task, 2, "Prepare the demo environment", """
            Everything a visitor needs before the first click.

            ## Checklist

            - [x] server ordered
            - [x] name in the DNS
            - [ ] sample data loaded

            Ask [@Ben Okafor](accountid:712020:5c0f8a31-77de-4f19-b6d4-3e81a2c4f703) for the **admin password**, and read the
            [set-up guide](https://docs.example.com/setup) first.
            """);
        seed.Comment(3, "The password is in the vault, entry `demo-admin`.");
        seed.Comment(2, "Thanks. Data follows on *Monday*.");
        seed.File(2, "setup-notes.txt", "text/plain", SeedFiles.Text("1. order the server\n2. set the name\n3. load the data\n"));
        seed.Issue("TEST", Bug, 4, "Login page shows an error after a password change", """
            Steps to reproduce:

            1. Change the password in *Profile*
            2. Sign out
            3. Sign in with the new one

            > [!WARNING]
            > Happens only with passwords longer than 64 characters.

            ```java
            if (password.length() > 64) {
                throw new IllegalArgumentException("too long");
            }
            ```
            """);
        seed.Comment(5, "Reproduced on staging. The limit comes from the `auth` library.");
        seed.File(4, "login-error.png", "image/png", SeedFiles.Picture);
        seed.Issue("TEST", Story, 3, "As an admin I can export the audit trail", """
            The export has one line per event:

            | Column | Example |
            | --- | --- |
            | time | 2026-09-07 09:30 |
            | who | Anna Bright |
            | what | changed *summary* |

            At most **10,000** lines per file.
            """);
        seed.Issue("TEST", Epic, 2, "Self-service for partners", "Partners manage their own accounts: invite, block, hand over.\n\nOwner: [@Anna Bright](accountid:712020:2b94d7e6-13f5-4c08-8a2e-6c7f90b1e502)");
        seed.Issue("TEST", Task, 5, "Rename the nightly job", "The job `nightly-2` is the only one left. ~~nightly-1~~ is gone.");
        seed.Status("10002");
        seed.Issue("TEST", Bug, 3, "Umlauts are lost in e-mail subjects: Grüße → Gr??e", "Seen with *Grüße*, *façade* and `naïve`; `ASCII` subjects are fine.");
        seed.Comment(4, "Same for Japanese: 件名 arrives as `??`.");
        seed.Issue("TEST", Task, 4, "Check the backup of last week", null);
    }

    private static void Company(Writer seed)
    {
        seed.Issue("COM", Task, 3, "Order badges for the new colleagues", """
            Three people start on **1 October**:

            - Lena, *design*
            - Omar, *sales*
              - needs access to the warehouse, too
            - Yuki, *engineering*
            """);
        seed.Comment(2, "Badges are ordered, they take five working days.");
        seed.File(3, "badge-form.pdf", "application/pdf", SeedFiles.Pdf("Badge request form"));
        seed.Issue("COM", Story, 2, "As a customer I see where my delivery is", """
            # Goal

            Fewer calls to the hotline.

            ## In scope

            1. status of the parcel
            2. expected day

            ## Not in scope

            > The exact position of the van stays internal.
            """);
        seed.Status("10001");
        seed.Comment(5, "The carrier's API gives us the day, **not** the hour.");
        seed.Comment(3, "Then we show the day. See [their page](https://carrier.example.com/api).");
        seed.Issue("COM", Bug, 5, "Price list shows last year's prices", "Only for customers with a frame contract.\n\nExpected: `2026-list.csv`\\\nFound: `2025-list.csv`");
        seed.File(5, "prices.csv", "text/csv", SeedFiles.Text("article;price\nA-100;12.50\nA-200;19.90\n"));
        seed.Issue("COM", Task, 4, "Renew the certificate of shop.example.com", "Expires on **30 November**. The old one was issued for a year.");
        seed.Issue("COM", Epic, 2, "Move to the new office", "Everything around the move in spring.");
        seed.Issue("COM", Task, 3, "Measure the meeting rooms", "Two of them, see the floor plan.");
        seed.File(3, "floor-plan.png", "image/png", SeedFiles.Picture);
        seed.Issue("COM", Bug, 4, "Coffee machine reports \"out of beans\" with a full container", "The sensor needs cleaning. *Again.*");
        seed.Status("10002");
    }

    private static void Support(Writer seed)
    {
        seed.Issue("SUP", Incident, 4, "Checkout is slow since the morning", """
            > [!IMPORTANT]
            > More than 8 s for a quarter of the customers.

            Started at *08:12*, after the release of `checkout 4.2`.
            """);
        seed.Status("10001");
        seed.Comment(5, "Rolled back to `4.1`, watching.");
        seed.Comment(4, "Back to normal at 09:05.");
        seed.Issue("SUP", Task, 5, "Customer asks for a copy of invoice 2026-0815", "Contact: `billing@customer.example`");
        seed.File(5, "invoice-2026-0815.pdf", "application/pdf", SeedFiles.Pdf("Invoice 2026-0815"));
        seed.Issue("SUP", Bug, 3, "App closes when the camera is denied", "Android 15 only.\n\n- open *Scan*\n- deny the camera\n- the app is gone");
        seed.Issue("SUP", Task, 2, "Update the answers about returns", "The period is **30 days** now, not 14.");
        seed.Issue("SUP", Incident, 5, "E-mails to one provider bounce", "All addresses at `mail.example.net` since yesterday evening.");
    }

    /// <summary>Writes past the desks: the examples carry past times and raise no events.</summary>
    private sealed class Writer(JiraState state)
    {
        private DateTimeOffset clock = Start;
        private JiraIssue current = null!;

        public void Issue(string projectKey, string typeId, long reporter, string summary, string? markdown)
        {
            clock += TimeSpan.FromHours(19);
            var project = state.FindProject(projectKey)!;
            project = state.Projects.Put(project with { LastNumber = project.LastNumber + 1 });
            var author = AccountOf(reporter);
            current = state.Issues.Put(new JiraIssue
            {
                Id = state.Store.Next(SequenceId.Issue, 10_000),
                ProjectId = project.Id,
                Key = $"{project.Key}-{project.LastNumber}",
                TypeId = typeId,
                Summary = summary,
                Description = markdown is null ? null : Document(markdown),
                CreatorId = author,
                ReporterId = author,
                Created = clock,
                Updated = clock,
            });
        }

        public void Status(string id)
        {
            Tick();
            var before = JiraCatalog.Status(current.StatusId);
            var after = JiraCatalog.Status(id);
            current = state.Issues.Put(current with { StatusId = id, Updated = clock, Resolved = id == JiraCatalog.Done ? clock : null });
            History(current.ReporterId, new JiraChange("status", "status", before.Id, before.Name, after.Id, after.Name));
        }

        public void Comment(long author, string markdown)
        {
            Tick();
            state.Comments.Put(new JiraComment
            {
                Id = state.Store.Next(SequenceId.Comment, 10_000),
                IssueId = current.Id,
                AuthorId = AccountOf(author),
                UpdateAuthorId = AccountOf(author),
                Body = Document(markdown),
                Created = clock,
                Updated = clock,
            });
            current = state.Issues.Put(current with { Updated = clock });
        }

        public void File(long author, string name, string type, byte[] content)
        {
            Tick();
            var id = state.Store.Next(SequenceId.Attachment, 10_000);
            state.Blobs.Put(id, content);
            state.Attachments.Put(new JiraAttachment
            {
                Id = id, IssueId = current.Id, FileName = name, Size = content.Length, MimeType = type, AuthorId = AccountOf(author), Created = clock,
                MediaId = Randomness.Uuid(),
            });
            current = state.Issues.Put(current with { Updated = clock });
            History(AccountOf(author), new JiraChange("Attachment", "attachment", null, null, id.ToString(), name));
        }

        private void History(string author, JiraChange change) => state.Histories.Put(new JiraHistory
        {
            Id = state.Store.Next(SequenceId.History, 10_000), IssueId = current.Id, AuthorId = author, Created = clock, Items = [change],
        });

        private System.Text.Json.Nodes.JsonNode Document(string markdown)
        {
            var document = MarkdownReader.Read(markdown);
            return AdfSchema.IsDocument(document)
                ? AdfNormaliser.Normalise(document, id => state.FindUser(id)?.DisplayName)
                : throw new InvalidOperationException($"The example '{current?.Key}' is no valid document.");
        }

        private void Tick() => clock += TimeSpan.FromMinutes(23);

        private string AccountOf(long user) => state.Users.Find(user)!.AccountId;
    }
}
