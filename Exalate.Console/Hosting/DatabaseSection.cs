using System.Data.Common;
using Exalate.Core.Storage;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Hosting;

/// <summary>Section <c>Database</c> as written, with the connection string from <c>ConnectionStrings:Exalate</c>. Once valid it becomes the core's <see cref="DatabaseOptions"/>.</summary>
public sealed class DatabaseSection
{
    public const string ProviderKey = "Database:Provider";
    public const string ConnectionStringKey = "ConnectionStrings:Exalate";
    public const string Sqlite = "Sqlite";
    public const string SqlServer = "SqlServer";

    /// <summary>"Sqlite" (default) or "SqlServer".</summary>
    public string? Provider { get; set; }

    /// <summary>SQLite: a relative file lies in the data folder; default "Data Source=exalate.db". SQL Server: required. May hold a password: never log it.</summary>
    public string? ConnectionString { get; set; }

    public bool IsSqlServer => string.Equals(Provider, SqlServer, StringComparison.OrdinalIgnoreCase);

    public void Apply(DatabaseOptions database, string dataFolder)
    {
        database.Provider = IsSqlServer ? DatabaseProvider.SqlServer : DatabaseProvider.Sqlite;
        database.ConnectionString = IsSqlServer ? ConnectionString! : SqliteConnectionString(dataFolder);
    }

    private string SqliteConnectionString(string dataFolder)
    {
        var builder = new SqliteConnectionStringBuilder(string.IsNullOrWhiteSpace(ConnectionString) ? "Data Source=exalate.db" : ConnectionString);
        builder.DataSource = Path.GetFullPath(builder.DataSource, dataFolder);
        return builder.ToString();
    }
}

/// <summary>Reports everything that is wrong at once, and never the password.</summary>
internal sealed class DatabaseSectionValidator : IValidateOptions<DatabaseSection>
{
    public ValidateOptionsResult Validate(string? name, DatabaseSection options)
    {
        var problem = options switch
        {
            { IsSqlServer: true } => SqlServerProblem(options.ConnectionString),
            { Provider: var provider } when Is(provider, DatabaseSection.Sqlite) => SqliteProblem(options.ConnectionString),
            _ => $"{DatabaseSection.ProviderKey} is '{options.Provider}'. Use '{DatabaseSection.Sqlite}' or '{DatabaseSection.SqlServer}'.",
        };
        return problem is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problem);
    }

    private static bool Is(string? provider, string name) => string.Equals(provider, name, StringComparison.OrdinalIgnoreCase);

    private static string? SqliteProblem(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
            return null;
        return Parse(() => new SqliteConnectionStringBuilder(connectionString), out var builder)
            ?? (builder.DataSource.Length == 0 || builder.DataSource == ":memory:" || builder.Mode == SqliteOpenMode.Memory
                ? $"{DatabaseSection.ConnectionStringKey} names '{builder.DataSource}' as its Data Source. A node needs a file that outlives it, for example 'Data Source=exalate.db'."
                : null);
    }

    private static string? SqlServerProblem(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
            return $"{DatabaseSection.ConnectionStringKey} is empty. {DatabaseSection.ProviderKey} is '{DatabaseSection.SqlServer}', which needs a connection string.";
        return Parse(() => new SqlConnectionStringBuilder(connectionString), out var builder)
            ?? (builder.Encrypt || IsLocal(builder.DataSource)
                ? null
                : $"{DatabaseSection.ConnectionStringKey} reaches the SQL Server '{builder.DataSource}' without encryption, so passwords and data could be read on the way. Add 'Encrypt=True' to it.");
    }

    private static string? Parse<T>(Func<T> make, out T builder)
        where T : DbConnectionStringBuilder, new()
    {
        try
        {
            builder = make();
            return null;
        }
        // The drivers' own messages quote keywords, never values.
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            builder = new T();
            return $"{DatabaseSection.ConnectionStringKey} can't be read: {e.Message}";
        }
    }

    private static bool IsLocal(string dataSource)
    {
        var host = dataSource.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase) ? dataSource[4..] : dataSource;
        host = host.Split(',', '\\')[0].Trim();
        return host.ToUpperInvariant() is "." or "(LOCAL)" or "(LOCALDB)" or "LOCALHOST" or "127.0.0.1" or "::1" or "[::1]";
    }
}
