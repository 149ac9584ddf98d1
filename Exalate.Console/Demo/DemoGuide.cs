using System.Text;
using Exalate.Console.Auth;

namespace Exalate.Console.Demo;

/// <summary>What the terminal shows: where everything is and what to do first.</summary>
internal static class DemoGuide
{
    public static string Text(DemoWorld demo, DemoFolder folder)
    {
        var trackers = demo.Trackers;
        var signIn = $"{DemoPasswords.Email} / {DemoPasswords.Password}";
        var text = new StringBuilder();
        text.AppendLine();
        text.AppendLine("Exalate demo: two companies, each with a tracker and a node beside it, and a third one behind a firewall");
        text.AppendLine();
        Row(text, "What", "URL", "Sign-in");
        Row(text, "Jira node", demo.JiraNodeUrl, signIn);
        Row(text, "Asana node", demo.AsanaNodeUrl, signIn);
        Row(text, "Private node", demo.PrivateNodeUrl, signIn + "; beside the same Asana, called by nobody");
        Row(text, "Sandbox Jira", trackers.Jira.Url, $"no sign-in; API: {trackers.Jira.Account} / {trackers.Jira.Token}");
        Row(text, "Sandbox Asana", trackers.Asana.Url, $"no sign-in; API: {trackers.Asana.Token}");
        text.AppendLine();
        text.AppendLine($"  Jira projects:   {Names(trackers.Jira.Projects)}");
        text.AppendLine($"  keys to try:     {string.Join(", ", trackers.Jira.Keys)}");
        text.AppendLine($"  Asana projects:  {Names(trackers.Asana.Projects)}");
        text.AppendLine($"  tasks to try:    {string.Join(", ", trackers.Asana.Keys)}");
        text.AppendLine($"  data folder:     {folder.Path}");
        text.AppendLine();
        text.AppendLine("What to do first:");
        text.AppendLine($"  1. Open {demo.JiraNodeUrl}, sign in, go to Connections and press 'Initiate connection'.");
        text.AppendLine($"  2. Enter the destination instance URL {demo.AsanaNodeUrl}, choose Basic and project {trackers.Jira.Projects[0].Name}; say that you have no admin access.");
        text.AppendLine($"  3. Copy the invitation code. On {demo.AsanaNodeUrl}: Connections, 'Accept invitation', paste, confirm.");
        text.AppendLine($"  4. Back on the Jira node: sync the issue {trackers.Jira.Keys[0]}, watch it arrive in {trackers.Asana.Url}. Edit it there, and see the edit come back.");
        text.AppendLine();
        text.AppendLine("A partner without a URL:");
        text.AppendLine($"  On {demo.JiraNodeUrl}: 'Initiate connection', switch on 'I don't have a URL', choose Basic and project {trackers.Jira.Projects[0].Name}; copy the code.");
        text.AppendLine($"  On {demo.PrivateNodeUrl}: 'Accept invitation'. From then on that node makes all requests; its tasks stand in the project {trackers.Asana.Projects[^1].Name}.");
        text.AppendLine();
        text.Append("Ctrl-C stops the demo; started again it goes on where it was. --reset starts from the beginning.");
        return text.ToString();
    }

    private static void Row(StringBuilder text, string what, string url, string signIn) => text.AppendLine($"  {what,-14} {url,-24} {signIn}");

    private static string Names(IReadOnlyList<DemoProject> projects) =>
        string.Join(", ", projects.Select(project => project.Key == project.Id ? project.Name : $"{project.Name} ({project.Key})"));
}
