using System.Net;
using System.Net.Sockets;
using Exalate.Console.Commands;
using Exalate.Console.Hosting;
using Exalate.Core;

namespace Exalate.Tests.Console.Host;

public sealed class Starting
{
    [Fact]
    public async Task A_port_in_use_is_a_sentence()
    {
        using var occupant = new TcpListener(IPAddress.Loopback, 0);
        occupant.Start();
        var port = ((IPEndPoint)occupant.LocalEndpoint).Port;
        var folder = TemporaryFolder.Make();
        try
        {
            await using var node = NodeHost.Build(HostedNode.Options(folder, [], new RecordedLog()) with { Urls = [$"http://127.0.0.1:{port}"] });
            var problem = await Assert.ThrowsAsync<StartupException>(() => node.StartAsync(CancellationToken.None));

            Assert.Equal($"http://127.0.0.1:{port} is already in use. Stop the program that listens there, or choose another port.", problem.Message);
        }
        finally
        {
            TemporaryFolder.Remove(folder);
        }
    }

    [Fact]
    public async Task A_data_folder_in_use_is_a_sentence_and_free_again_after_the_node_stops()
    {
        var folder = TemporaryFolder.Make();
        try
        {
            await using (await HostedNode.StartAsync(folder: folder))
            {
                var problem = await Assert.ThrowsAsync<StartupException>(() => HostedNode.StartAsync(folder: folder));
                Assert.Equal($"The data folder '{folder}' is in use by another running node. Stop that one, or choose another folder with --data.", problem.Message);
            }

            await using var again = await HostedNode.StartAsync(folder: folder);
        }
        finally
        {
            TemporaryFolder.Remove(folder);
        }
    }

    [Fact]
    public void A_data_folder_that_is_a_file_is_a_sentence()
    {
        var file = Path.GetTempFileName();
        var problem = Assert.Throws<StartupException>(() => NodeHost.Build(HostedNode.Options(file, [], new RecordedLog())));
        File.Delete(file);

        Assert.StartsWith($"The data folder '{file}' can't be used:", problem.Message);
    }

    [Fact]
    public async Task Everything_wrong_in_the_configuration_is_said_at_once_with_key_and_value()
    {
        var problem = await Assert.ThrowsAsync<StartupException>(() => HostedNode.StartAsync(
            new()
            {
                ["Database:Provider"] = "Oracle",
                ["Exalate:Node:ShortName"] = "has blanks",
                ["Exalate:Node:ExalateUrl"] = "acme",
                ["Exalate:Node:AllowedNetworks"] = "10.0.0.0/99",
                ["Exalate:Tracker:Kind"] = "Trello",
                ["Exalate:Tracker:Url"] = "ftp://acme",
                ["Exalate:FirstAdmin:Email"] = "kim",
                ["Exalate:Proxy:Trusted"] = "proxy",
            },
            withAdmin: false));

        Assert.Equal(9, problem.Sentences.Count);
        Assert.All(
            ["Database:Provider is 'Oracle'", "ShortName is 'has blanks'", "ExalateUrl is 'acme'", "AllowedNetworks: '10.0.0.0/99'", "Kind is 'Trello'", "Url is 'ftp://acme'", "Email is 'kim'", "Password is empty", "Trusted: 'proxy'"],
            part => Assert.Contains(problem.Sentences, sentence => sentence.Contains(part, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Exalate:Sync:Workers", "0", "Exalate:Sync:Workers is 0. Use a value from 1 to 64.")]
    [InlineData("Exalate:Sync:Workers", "many", "'many' at 'Exalate:Sync:Workers'")]
    [InlineData("Exalate:Sync:PairsPerConnection", "65", "Exalate:Sync:PairsPerConnection is 65. Use a value from 1 to 64.")]
    [InlineData("Exalate:Sync:PairsPerTracker", "0", "Exalate:Sync:PairsPerTracker is 0. Use a value from 1 to 256.")]
    [InlineData("Peers:MaxOffers", "-3", "Peers:MaxOffers is -3")]
    public async Task A_wrong_number_is_named(string key, string value, string sentence)
    {
        var problem = await Assert.ThrowsAsync<StartupException>(() => HostedNode.StartAsync(new() { [key] = value }));

        Assert.Contains(sentence, problem.Message);
    }

    [Theory]
    [InlineData("Server=db.acme.example;Database=x;User Id=u;Password=p4ss-9", false)]
    [InlineData("Server=tcp:db.acme.example,1433;Database=x;User Id=u;Password=p4ss-9;Encrypt=False", false)]
    [InlineData("Server=db.acme.example;Database=x;User Id=u;Password=p4ss-9;Encrypt=True", true)]
    [InlineData("Server=localhost,1433;Database=x;User Id=u;Password=p4ss-9", true)]
    [InlineData("Server=(localdb)\\MSSQLLocalDB;Database=x", true)]
    [InlineData("", false)]
    [InlineData("Serwer=typo;Password=p4ss-9", false)]
    public void A_remote_SQL_Server_needs_encryption(string connectionString, bool accepted)
    {
        var outcome = new DatabaseSectionValidator().Validate(null, new DatabaseSection { Provider = "SqlServer", ConnectionString = connectionString });

        Assert.Equal(accepted, outcome.Succeeded);
        Assert.DoesNotContain("p4ss-9", outcome.FailureMessage ?? "");
    }

    [Fact]
    public async Task A_secret_of_another_key_ring_is_explained()
    {
        await using var one = await HostedNode.StartAsync();
        await using var other = await HostedNode.StartAsync();
        var stored = one.Get<ISecretProtector>().Protect("token");

        var problem = Assert.Throws<SecretUnreadableException>(() => other.Get<ISecretProtector>().Unprotect(stored));

        Assert.Equal("token", one.Get<ISecretProtector>().Unprotect(stored));
        Assert.DoesNotContain("token", stored);
        Assert.Contains($"the key ring in '{Path.Combine(other.Folder, "keys")}' is not the one", problem.Message);
        Assert.Throws<SecretUnreadableException>(() => one.Get<ISecretProtector>().Unprotect("not encrypted at all"));
    }

    [Theory]
    [InlineData("--Exalate:Node:Name=acme", null)]
    [InlineData("--Exalate:Node:Name acme", null)]
    [InlineData("--prot 5080", "'--prot' is neither a command")]
    [InlineData("dmeo", "'dmeo' is neither a command")]
    [InlineData("--Exalate:Node:Name", "'--Exalate:Node:Name' has no value")]
    public void A_typing_error_on_the_command_line_is_not_swallowed(string line, string? problem)
    {
        var arguments = line.Split(' ');
        if (problem is null)
            Assert.Equal(arguments, SettingArguments.Check(arguments));
        else
            Assert.Contains(problem, Assert.Throws<StartupException>(() => SettingArguments.Check(arguments)).Message);
    }

    [Fact]
    public async Task First_settings_fill_an_empty_database_and_never_overwrite()
    {
        var folder = TemporaryFolder.Make();
        try
        {
            await using (await HostedNode.StartAsync(new() { ["Exalate:Node:Name"] = "First name" }, folder: folder))
            {
            }

            await using var node = await HostedNode.StartAsync(new() { ["Exalate:Node:Name"] = "Second name" }, folder: folder);
            using var browser = node.Browser();
            Assert.Contains("First name", (await browser.OpenAsync("/sign-in")).Body!.TextContent);
        }
        finally
        {
            TemporaryFolder.Remove(folder);
        }
    }
}
