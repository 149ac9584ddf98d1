using Exalate.Sandbox.Asana.Html;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Asana;

/// <summary>The example tasks.</summary>
internal static class AsanaSeedTasks
{
    private const int Priya = 1;
    private const int Tom = 2;
    private const int Yuki = 3;
    private const int Lena = 4;

    private static readonly DateTimeOffset Start = new(2026, 9, 3, 9, 15, 0, TimeSpan.Zero);

    public static void Fill(AsanaState state)
    {
        Support(new Writer(state, "Support"));
        Website(new Writer(state, "Website relaunch"));
    }

    private static void Support(Writer seed)
    {
        seed.Task("New", Priya, "Customer can not open the invoice",
            "The PDF stays <strong>empty</strong> in the browser.\n\n<ul><li>Firefox: empty</li><li>Chrome: <em>works</em></li></ul>Asked for the file, see <a href=\"https://status.partner.example/\">the status page</a>.");
        seed.Comment(Tom, "Same with invoice <code>2026-0702</code>. It was made by the old template.");
        seed.Comment(Priya, "Template fixed, please try again.");
        seed.File(Priya, "invoice-2026-0711.pdf", "application/pdf", SeedFiles.Pdf("Invoice 2026-0711"));
        seed.Task("New", Tom, "Password mail does not arrive", "Only addresses at <code>mail.example.net</code>.\n\n<h2>Tried</h2><ol><li>sent again</li><li>looked into the spam folder</li></ol>");
        seed.Task("In progress", Yuki, "Wrong language in the order confirmation", "Swiss customers get <strong>English</strong> instead of German.\nExpected: <em>Ihre Bestellung</em>");
        seed.File(Yuki, "confirmation.png", "image/png", SeedFiles.Picture);
        seed.Comment(Lena, "I can look into it on Thursday.");
        seed.Task("In progress", Priya, "Refund for order 88-1024", "<body>", "approval");
        seed.Comment(Tom, "Approved by phone, receipt follows.");
        seed.Task("New", Lena, "Question about delivery on Saturdays", "Is it possible, and what does it cost?");
        seed.Task("Done", Tom, "Update the phone menu", "Option 3 leads to <s>sales</s> <u>support</u> now.");
        seed.Complete();
        seed.Task("New", Yuki, "Chat window covers the basket button", "On small screens only: <code>width &lt; 360px</code>");
        seed.File(Yuki, "steps.txt", "text/plain", SeedFiles.Text("1. open the shop on a phone\n2. put something into the basket\n3. look for the button\n"));
        seed.Task("New", Priya, "Collect the ten most frequent questions", null);
        seed.Task("Done", Lena, "All first answers within four hours", "Target for the third quarter.", "milestone");
        seed.Complete();
    }

    private static void Website(Writer seed)
    {
        seed.Task("Doing", Lena, "Write the texts of the start page",
            "<h1>Tone</h1>Friendly, short, <strong>no jargon</strong>.\n<blockquote>We bring it to your door.</blockquote>\nLength: at most 80 words.");
        seed.Comment(Yuki, "First draft is in the folder. <strong>Please</strong> check the second paragraph.");
        seed.Comment(Lena, "Looks good, two small remarks:<ul><li>shorter title</li><li>no exclamation marks</li></ul>");
        seed.Task("To do", Yuki, "Choose the pictures", "Three per page, landscape.");
        seed.File(Yuki, "candidate.png", "image/png", SeedFiles.Picture);
        seed.Task("Review", Tom, "Redirects from the old addresses", "<pre>/old/contact -&gt; /contact\n/shop.php -&gt; /shop</pre>Everything else answers <code>410</code>.");
        seed.Task("To do", Priya, "Accessibility check", "Contrast, keyboard, screen reader. Guide: <a href=\"https://www.w3.org/WAI/\">WAI</a>");
        seed.Task("To do", Tom, "Texts approved by legal", "Imprint, privacy, terms.", "approval");
        seed.Task("Doing", Yuki, "Make the forms fast on slow connections", "Goal: under <strong>2 s</strong> on 3G & older phones".Replace("&", "&amp;"));
        seed.Comment(Priya, "Measured 6.4 s today.");
        seed.Task("To do", Lena, "Go live", $"Monday, not Friday. {seed.Mention(Priya)} has the list.", "milestone");
        seed.Task("Done", Tom, "Order the certificate", "Valid for <code>www.partner.example</code>.");
        seed.Complete();
        seed.Task("To do", Priya, "Translate: 日本語, Français, Türkçe", "Names of languages in their own language.");
        seed.Task("Review", Yuki, "Newsletter sign-up form", "Double opt-in.\n\n<hr/>\nText of the mail: see comments.");
        seed.Comment(Yuki, "Hello,\nplease confirm with the link below.");
    }

    /// <summary>Writes past the desks: the examples carry past times and raise no events.</summary>
    private sealed class Writer(AsanaState state, string projectName)
    {
        private readonly AsanaProject project = state.Projects.All.First(one => one.Name == projectName);
        private DateTimeOffset clock = Start;
        private AsanaTask current = null!;

        public void Task(string section, int author, string name, string? notes, string subtype = "default_task")
        {
            clock += TimeSpan.FromHours(17);
            var user = UserOf(author);
            var markup = notes is null or "<body>" ? "<body></body>" : $"<body>{notes}</body>";
            current = state.Tasks.Put(new AsanaTask
            {
                Id = state.NewGid(),
                WorkspaceId = project.WorkspaceId,
                Name = name,
                HtmlNotes = AsanaMarkup.Write(AsanaMarkup.Parse(markup, MarkupPlace.Notes)),
                Subtype = subtype,
                ApprovalStatus = subtype == "approval" ? "pending" : null,
                Memberships = [new AsanaMembership(project.Id, state.SectionsOf[project.Id].First(one => one.Name == section).Id)],
                FollowerIds = [user.Id],
                CreatedById = user.Id,
                CreatedAt = clock,
                ModifiedAt = clock,
            });
            Story(user, "added_to_project", $"{user.Name} added to {project.Name}", null);
        }

        public void Comment(int author, string markup)
        {
            clock += TimeSpan.FromMinutes(41);
            var html = AsanaMarkup.Write(AsanaMarkup.Parse($"<body>{markup}</body>", MarkupPlace.Comment));
            Story(UserOf(author), "comment_added", MarkupText.Plain(html), html);
            current = state.Tasks.Put(current with { ModifiedAt = clock });
        }

        public void Complete()
        {
            clock += TimeSpan.FromHours(5);
            var user = state.Users.Find(current.CreatedById)!;
            current = state.Tasks.Put(current with { Completed = true, CompletedAt = clock, CompletedById = user.Id, ModifiedAt = clock });
            Story(user, "marked_complete", $"{user.Name} completed this task", null);
        }

        public void File(int author, string name, string type, byte[] content)
        {
            clock += TimeSpan.FromMinutes(12);
            var id = state.NewGid();
            state.Blobs.Put(id, content);
            state.Attachments.Put(new AsanaAttachment
            {
                Id = id, ParentId = current.Id, Name = name, Size = content.Length, ContentType = type, CreatedById = UserOf(author).Id, CreatedAt = clock,
            });
            Story(UserOf(author), "attachment_added", $"{UserOf(author).Name} attached {name}", null);
            current = state.Tasks.Put(current with { ModifiedAt = clock });
        }

        private void Story(AsanaUser author, string subtype, string text, string? html) => state.Stories.Put(new AsanaStory
        {
            Id = state.NewGid(), TaskId = current.Id, CreatedById = author.Id, CreatedAt = clock, Subtype = subtype, Text = text,
            Html = html ?? AsanaMarkup.OfText(text),
        });

        public string Mention(int index)
        {
            var body = AsanaMarkup.Parse($"<body><a data-asana-gid=\"{UserOf(index).Id}\"/></body>", MarkupPlace.Notes);
            return AsanaMarkup.Write(new MarkupNormaliser(state, "https://app.asana.com").Normalise(body).Elements().Single());
        }

        private AsanaUser UserOf(int index) => state.Users.All.ElementAt(index);
    }
}
