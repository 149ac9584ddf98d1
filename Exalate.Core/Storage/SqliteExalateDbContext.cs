using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Storage;

/// <summary>The embedded database: one file, nothing to install.</summary>
public sealed class SqliteExalateDbContext(DbContextOptions<SqliteExalateDbContext> options) : ExalateDbContext(options);

/// <summary>A team's server.</summary>
public sealed class SqlServerExalateDbContext(DbContextOptions<SqlServerExalateDbContext> options) : ExalateDbContext(options);
