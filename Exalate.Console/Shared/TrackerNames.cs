using Exalate.Core.Trackers;

namespace Exalate.Console.Shared;

/// <summary>What people call the trackers and their projects.</summary>
internal static class TrackerNames
{
    public static string Product(TrackerKind kind) => kind switch
    {
        TrackerKind.Jira => "Jira Cloud",
        TrackerKind.Asana => "Asana",
        TrackerKind.AzureDevOps => "Azure DevOps",
        _ => kind.ToString(),
    };

    /// <summary>Example: "Test (TEST)"; only the name where the tracker has no keys.</summary>
    public static string Project(TrackerProject project) =>
        project.Key == project.Id || project.Key.Length == 0 ? project.Name : $"{project.Name} ({project.Key})";

    /// <summary>Example: "an issue key", "a task gid or URL".</summary>
    public static string WithArticle(string words) => ("aeiouAEIOU".Contains(words[0]) ? "an " : "a ") + words;
}
