using System.Text.RegularExpressions;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exalate.Tests.Storage;

public sealed partial class MigrationTests
{
    public static TheoryData<string> Providers => ["Sqlite", "SqlServer"];

    [Theory]
    [MemberData(nameof(Providers))]
    public void Migrations_SayWhatTheModelSays(string provider)
    {
        using var db = Create(provider);
        var services = db.GetInfrastructure();
        var snapshot = services.GetRequiredService<IMigrationsAssembly>().ModelSnapshot;
        Assert.NotNull(snapshot);
        var before = services.GetRequiredService<IModelRuntimeInitializer>().Initialize(snapshot.Model).GetRelationalModel();
        var now = services.GetRequiredService<IDesignTimeModel>().Model.GetRelationalModel();
        var missing = services.GetRequiredService<IMigrationsModelDiffer>().GetDifferences(before, now).Select(operation => operation.GetType().Name).ToList();
        Assert.True(missing.Count == 0, $"The model has changed ({string.Join(", ", missing)}). Run build/add-migration.sh NameOfTheChange.");
    }

    [Fact]
    public void SqlServerScript_HasEveryTable_AndNoSurprises()
    {
        using var sqlServer = Create("SqlServer");
        var script = sqlServer.GetInfrastructure().GetRequiredService<IMigrator>().GenerateScript();
        using var sqlite = Create("Sqlite");
        var tables = sqlite.Model.GetEntityTypes().Select(type => type.GetTableName()!);
        Assert.All(tables, table => Assert.Contains($"CREATE TABLE [{table}]", script));
        // Types that the model must never fall into by accident: a date of local time, text without Unicode, an index on text without a length.
        Assert.DoesNotMatch(@"\b(datetime|datetime2|datetimeoffset|varchar|text|ntext)\b", script);
        var unbounded = UnboundedColumn().Matches(script).Select(match => match.Groups[1].Value).ToHashSet();
        var indexed = IndexedColumns().Matches(script).SelectMany(match => match.Groups[1].Value.Split(", ")).Select(column => column.Trim('[', ']'));
        var alwaysBounded = sqlServer.Model.GetEntityTypes().SelectMany(type => type.GetIndexes()).SelectMany(index => index.Properties)
            .Where(property => property.ClrType == typeof(string) && property.GetMaxLength() is null).Select(property => property.Name);
        Assert.Empty(alwaysBounded);
        Assert.NotEmpty(indexed);
        Assert.Contains("MessageJson", unbounded);
        // An upgrade loses no data; an index may be replaced.
        Assert.DoesNotMatch(@"DROP (TABLE|COLUMN)", script);
    }

    [Fact]
    public async Task TwoProcessesAtOnce_MigrateOnce()
    {
        await using var database = await TestDatabase.CreateAsync();
        var options = Microsoft.Extensions.Options.Options.Create(database.Options);
        var migrator = new DatabaseMigrator(database, options, TimeProvider.System, NullLogger<DatabaseMigrator>.Instance);
        var other = new DatabaseMigrator(database, options, TimeProvider.System, NullLogger<DatabaseMigrator>.Instance);
        await Task.WhenAll(migrator.MigrateAsync(default), other.MigrateAsync(default));
        await using var db = database.CreateDbContext();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        Assert.Equal(0, await db.Twins.CountAsync());
    }

    private static ExalateDbContext Create(string provider) => provider == "Sqlite"
        ? new SqliteExalateDbContext(new DbContextOptionsBuilder<SqliteExalateDbContext>().UseSqlite("Data Source=:memory:").Options)
        : new SqlServerExalateDbContext(new DbContextOptionsBuilder<SqlServerExalateDbContext>().UseSqlServer("Server=nowhere;Encrypt=True").Options);

    [GeneratedRegex(@"\[(\w+)\] nvarchar\(max\)")]
    private static partial Regex UnboundedColumn();

    [GeneratedRegex(@"CREATE (?:UNIQUE )?INDEX \[[^\]]+\] ON \[[^\]]+\] \(([^)]*)\)")]
    private static partial Regex IndexedColumns();
}
