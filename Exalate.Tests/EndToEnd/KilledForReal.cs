using Exalate.Benchmarks.Processes;
using Exalate.Core.Sync;
using Exalate.Tests.EndToEnd.Support;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.EndToEnd;

/// <summary>A node killed with SIGKILL at the worst moment that can be chosen; kills at all the others are <see cref="Chaos"/>.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KilledForReal : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private TwoCompanies companies = null!;
    private People people = null!;
    private int lastId;

    public async Task InitializeAsync()
    {
        companies = await TwoCompanies.StartAsync(new TwoCompaniesOptions(Logs: Path.Combine(Artifacts.Folder, nameof(KilledForReal))));
        people = new People(companies.JiraTracker, companies.AsanaTracker);
    }

    public async Task DisposeAsync()
    {
        people.Dispose();
        await companies.DisposeAsync();
    }

    [Fact]
    public async Task ReceiverKilledWhileItsCreateIsUnderWay_NoSecondEntity()
    {
        // The task is made, and the answer takes so long that the kill comes first.
        await people.SandboxAsync("asana", HttpMethod.Post, "faults", new { userAgent = "Exalate", method = "POST", path = "/tasks(\\?|$)", times = 1, delayMs = 5000, when = "after" });
        await companies.Jira.ExalateAsync([await people.CreateIssueAsync(companies.JiraProject, "Made once", "For good.")], () => new Guid(++lastId, 0, 0, new byte[8]));
        await UntilAsync("the task exists", async () => await CountAsync() == 1);
        await companies.Asana.KillAsync();
        Assert.Single(await companies.Asana.UnfinishedAsync());
        await companies.Asana.StartAsync();

        await UntilAsync("the pair is synchronized", async () =>
        {
            await using var db = companies.Jira.Db();
            return await db.Twins.AllAsync(twin => twin.State == TwinState.Synchronized) && (await companies.Jira.UnfinishedAsync()).Count == 0;
        });
        Assert.Equal(1, await CountAsync());
    }

    private async Task<int> CountAsync() => (await people.TasksAsync(companies.AsanaProject)).Count(task => task.Summary == "Made once");

    private static async Task UntilAsync(string what, Func<Task<bool>> isTrueAsync)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isTrueAsync())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"It did not come about that {what}; the logs are among the artifacts.");
            await Task.Delay(100);
        }
    }
}
