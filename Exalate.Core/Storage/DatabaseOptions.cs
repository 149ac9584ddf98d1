namespace Exalate.Core.Storage;

public enum DatabaseProvider
{
    /// <summary>Embedded, one file; the default.</summary>
    Sqlite,

    /// <summary>Microsoft SQL Server, for a team's server.</summary>
    SqlServer,
}

/// <summary>Where the node keeps its data. Bound from <c>Database:Provider</c> and <c>ConnectionStrings:Exalate</c>.</summary>
public sealed class DatabaseOptions
{
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>Examples: "Data Source=/var/lib/exalate/exalate.db"; "Server=sql.example.com;Database=exalate;User Id=exalate;Password=…;Encrypt=True".</summary>
    public string ConnectionString { get; set; } = "Data Source=exalate.db";
}
