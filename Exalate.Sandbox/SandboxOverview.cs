namespace Exalate.Sandbox;

/// <summary>What a person needs to use one sandbox tracker.</summary>
/// <param name="Tracker">"Jira Cloud" or "Asana".</param>
/// <param name="Url">Where its API and its board are.</param>
/// <param name="AccountName">Sign-in name that goes with the token; null on Asana.</param>
/// <param name="Token">Token of the integration account.</param>
/// <param name="People">The other accounts, to act as somebody else.</param>
/// <param name="Projects">Its projects.</param>
/// <param name="Keys">A few entities to try, as people name them.</param>
public sealed record SandboxTrackerOverview(
    string Tracker,
    Uri Url,
    string? AccountName,
    string Token,
    IReadOnlyList<SandboxPerson> People,
    IReadOnlyList<SandboxProject> Projects,
    IReadOnlyList<string> Keys);

/// <param name="Login">E-mail.</param>
/// <param name="Token">Token that acts as this person.</param>
public sealed record SandboxPerson(string Name, string Login, string Token);

/// <param name="Id">The tracker's id (Asana: gid).</param>
/// <param name="Key">Short name; on Asana the gid.</param>
public sealed record SandboxProject(string Id, string Key, string Name);
