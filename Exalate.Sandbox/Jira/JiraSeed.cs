namespace Exalate.Sandbox.Jira;

/// <summary>Fills an empty site with people, projects and believable issues; the same every time.</summary>
internal static class JiraSeed
{
    public static void Fill(JiraState state, SandboxOptions options) => state.Store.Write(() =>
    {
        if (state.Users.Count == 0)
        {
            Users(state, options);
            Projects(state);
            if (options.Seed)
                JiraSeedIssues.Fill(state);
        }

        // The integration account follows the options, also over an old data folder.
        var account = state.Users.Find(1)!;
        if (account.Email != options.JiraEmail || account.Token != options.JiraToken)
            state.Users.Put(account with { Email = options.JiraEmail, Token = options.JiraToken });
    });

    private static void Users(JiraState state, SandboxOptions options)
    {
        state.Users.Put(new JiraUser
        {
            Id = 1, AccountId = "712020:8f3a1c52-6d0e-4b7a-9c41-0a5e2b7d1f01", DisplayName = "Exalate Proxy", Email = options.JiraEmail,
            Token = options.JiraToken, TimeZone = "Europe/Brussels", ManagesWebhooks = true,
        });
        Add(2, "712020:2b94d7e6-13f5-4c08-8a2e-6c7f90b1e502", "Anna Bright", "anna", "Europe/Brussels", isAdmin: true);
        Add(3, "712020:5c0f8a31-77de-4f19-b6d4-3e81a2c4f703", "Ben Okafor", "ben", "Europe/London");
        Add(4, "712020:9d21e4b8-0a6c-4e53-91f7-58b3c6d7a804", "Carla Mendes", "carla", "America/Sao_Paulo");
        Add(5, "712020:e7b65f10-42c9-4d8b-a035-7f1d9e2c6b05", "Deniz Aydin", "deniz", "Europe/Istanbul");
        // Works for both companies, under one address.
        Add(6, "712020:31c7d9a4-5e20-4f6b-8b13-d4a90e7f2c06", "Mia Lorenz", "mia", "Europe/Berlin", company: "freelance");

        void Add(long id, string accountId, string name, string login, string zone, bool isAdmin = false, string company = "acme") => state.Users.Put(new JiraUser
        {
            Id = id, AccountId = accountId, DisplayName = name, Email = $"{login}@{company}.example", Token = $"jira-token-{login}", TimeZone = zone,
            IsAdmin = isAdmin,
        });
    }

    private static void Projects(JiraState state)
    {
        Add(10000, "TEST", "Test", "Where things are tried out.", 2, "10000", "10001", "10002", "10003", "10004");
        Add(10001, "COM", "Company", "Everyday work of the company.", 3, "10000", "10001", "10002", "10003", "10004");
        Add(10002, "SUP", "Support", "Requests of customers.", 4, "10002", "10003", "10005");

        void Add(long id, string key, string name, string description, long lead, params string[] types) => state.Projects.Put(new JiraProject
        {
            Id = id, Key = key, Name = name, Description = description, LeadAccountId = state.Users.Find(lead)!.AccountId, IssueTypeIds = types,
        });
    }
}
