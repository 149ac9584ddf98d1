namespace Exalate.Sandbox.Asana;

/// <summary>Fills an empty workspace with people, projects and believable tasks; the same every time.</summary>
internal static class AsanaSeed
{
    private static readonly DateTimeOffset Start = new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero);

    public static void Fill(AsanaState state, SandboxOptions options) => state.Store.Write(() =>
    {
        if (state.Users.Count == 0)
        {
            Users(state, options);
            Projects(state);
            if (options.Seed)
                AsanaSeedTasks.Fill(state);
            // Works for both companies, under one address. Last, so that nobody else's gid depends on her.
            state.Users.Put(new AsanaUser { Id = state.NewGid(), Name = "Mia Lorenz (extern)", Email = "Mia@freelance.example", Token = "asana-token-mia" });
        }

        // The integration account follows the options, also over an old data folder.
        var account = state.Users.All.First();
        if (account.Token != options.AsanaToken)
            state.Users.Put(account with { Token = options.AsanaToken });
    });

    private static void Users(AsanaState state, SandboxOptions options)
    {
        Add("Exalate Proxy", "exalate", options.AsanaToken);
        Add("Priya Nair", "priya", "asana-token-priya");
        Add("Tom Keller", "tom", "asana-token-tom");
        Add("Yuki Sato", "yuki", "asana-token-yuki");
        Add("Lena Vogt", "lena", "asana-token-lena");

        void Add(string name, string login, string token) =>
            state.Users.Put(new AsanaUser { Id = state.NewGid(), Name = name, Email = $"{login}@partner.example", Token = token });
    }

    private static void Projects(AsanaState state)
    {
        var workspace = state.Workspaces.Put(new AsanaWorkspace(state.NewGid(), "Partner Ltd"));
        var priority = state.CustomFields.Put(new AsanaCustomField
        {
            Id = state.NewGid(), Name = "Priority", Type = "enum",
            Options =
            [
                new AsanaEnumOption(state.NewGid(), "High", "red", true),
                new AsanaEnumOption(state.NewGid(), "Medium", "orange", true),
                new AsanaEnumOption(state.NewGid(), "Low", "blue", true),
            ],
        });
        var reference = state.CustomFields.Put(new AsanaCustomField { Id = state.NewGid(), Name = "Customer reference", Type = "text" });
        Add("Support", "light-green", "Requests that reach us by mail and phone.", [priority.Id, reference.Id], "New", "In progress", "Done");
        Add("Website relaunch", "dark-blue", "The new site goes live in spring.", [priority.Id], "To do", "Doing", "Review", "Done");

        void Add(string name, string color, string notes, long[] fields, params string[] sections)
        {
            var project = state.Projects.Put(new AsanaProject
            {
                Id = state.NewGid(), WorkspaceId = workspace.Id, Name = name, Color = color, HtmlNotes = $"<body>{notes}</body>",
                OwnerId = state.Users.All.ElementAt(1).Id, CustomFieldIds = fields, CreatedAt = Start, ModifiedAt = Start,
            });
            foreach (var section in sections)
                state.Sections.Put(new AsanaSection { Id = state.NewGid(), ProjectId = project.Id, Name = section, CreatedAt = Start });
        }
    }
}
