using Exalate.Core.Connections;
using Exalate.Core.Connections.Life;
using Exalate.Tests.Peers;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Connections;

/// <summary>Two copies of one node's database, over real HTTP: the one that asks second stops, although nobody ever calls it.</summary>
public sealed class RunningTwice : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("exalate-copies-").FullName;
    private readonly TestClock clock = new(TestClock.Noon);
    private TestNode acme = null!;
    private TestNode globex = null!;

    public async Task InitializeAsync()
    {
        acme = await TestNode.StartAsync("acme", clock: clock);
        globex = await TestNode.StartAsync("globex", clock: clock);
        await acme.ConnectAsync(globex);
        await PulseAsync(acme);
    }

    public async Task DisposeAsync()
    {
        await acme.DisposeAsync();
        await globex.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_copy_that_nobody_calls_stops_in_its_first_round_and_the_right_one_goes_on()
    {
        Save("copy");
        await LaterAsync();
        Assert.Null((await acme.ConnectionAsync()).HeldKind);
        Save("right");

        await RunCopyAsync("copy");
        var held = await acme.ConnectionAsync();
        Assert.Equal(HoldKind.OldCopy, held.HeldKind);
        Assert.Contains("globex has heard from another copy of this node", held.HeldSentence, StringComparison.Ordinal);
        Assert.Contains("another copy of this node", acme.Log.All, StringComparison.Ordinal);
        Assert.Null((await globex.ConnectionAsync()).HeldKind);

        await RunCopyAsync("right");
        await LaterAsync();
        Assert.Null((await acme.ConnectionAsync()).HeldKind);
    }

    [Fact]
    public async Task The_copy_that_an_admin_decided_for_goes_on_and_the_other_one_stops()
    {
        Save("copy");
        await LaterAsync();
        Save("right");
        await RunCopyAsync("copy");
        await using (var db = acme.Database.CreateDbContext())
        {
            db.Settings.Single().Epoch++;
            (db.Connections.Single().HeldKind, db.Connections.Single().HeldSince, db.Connections.Single().HeldSentence) = (null, null, null);
            await db.SaveChangesAsync();
        }

        await LaterAsync();
        Assert.Null((await acme.ConnectionAsync()).HeldKind);

        await RunCopyAsync("right");
        Assert.Equal(HoldKind.OldCopy, (await acme.ConnectionAsync()).HeldKind);
    }

    [Fact]
    public async Task A_lost_answer_a_restart_and_a_partner_that_was_restored_stop_nobody()
    {
        await using (var db = acme.Database.CreateDbContext())
        {
            // As if the answer had not come back: the partner has the number already.
            var row = db.Connections.Single();
            (row.NextPulse, row.Pulse) = (row.Pulse, null);
            await db.SaveChangesAsync();
        }

        await LaterAsync();
        Assert.Null((await acme.ConnectionAsync()).HeldKind);

        await using (var db = globex.Database.CreateDbContext())
        {
            db.Connections.Single().PartnerPulse = "0000000000000000001";
            await db.SaveChangesAsync();
        }

        await acme.StopAsync();
        await acme.RestartAsync();
        await PulseAsync(acme);
        Assert.Null((await acme.ConnectionAsync()).HeldKind);
    }

    private static Task PulseAsync(TestNode node) => node.Services.GetRequiredService<Pulses>().SendDueAsync(default);

    private async Task LaterAsync()
    {
        clock.Advance(Pulses.Interval + TimeSpan.FromMinutes(1));
        await PulseAsync(acme);
    }

    /// <summary>Starts the node on a copy of its database.</summary>
    private async Task RunCopyAsync(string name)
    {
        await acme.StopAsync();
        Copy(name, toFile: false);
        await acme.RestartAsync();
        // No two processes ask in the same ten millionth of a second.
        clock.Advance(TimeSpan.FromSeconds(1));
        await PulseAsync(acme);
    }

    private void Save(string name) => Copy(name, toFile: true);

    private void Copy(string name, bool toFile)
    {
        using var live = new SqliteConnection(acme.Database.Options.ConnectionString);
        using var copy = new SqliteConnection($"Data Source={Path.Combine(folder, name)};Pooling=False");
        live.Open();
        copy.Open();
        if (toFile)
            live.BackupDatabase(copy);
        else
            copy.BackupDatabase(live);
    }
}
