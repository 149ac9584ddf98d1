using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Exalate.Core.Storage;

/// <summary>For <c>dotnet ef migrations add</c>; connects to nothing.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteExalateDbContext>
{
    public SqliteExalateDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteExalateDbContext>().UseSqlite("Data Source=design-time.db").Options);
}

/// <inheritdoc cref="SqliteDesignTimeFactory"/>
internal sealed class SqlServerDesignTimeFactory : IDesignTimeDbContextFactory<SqlServerExalateDbContext>
{
    public SqlServerExalateDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlServerExalateDbContext>().UseSqlServer("Server=design-time;Encrypt=True").Options);
}
