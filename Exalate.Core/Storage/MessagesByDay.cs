using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Storage;

/// <summary>Messages of a connection, counted by the database for each day. Days are UTC's; both providers divide ticks without a remainder.</summary>
internal static class MessagesByDay
{
    /// <summary>Changes that became a replica: the others never left.</summary>
    public const string Outgoing =
        "SELECT CreatedAt / 864000000000 AS DayNumber, COUNT(*) FROM SyncEvents WHERE ConnectionId = @connection AND CreatedAt >= @since AND Version > 0 GROUP BY CreatedAt / 864000000000";

    public const string Incoming =
        "SELECT ReceivedAt / 864000000000 AS DayNumber, COUNT(*) FROM SyncRequests WHERE ConnectionId = @connection AND ReceivedAt >= @since GROUP BY ReceivedAt / 864000000000";

    /// <param name="sql">One of the two above.</param>
    public static async Task<IReadOnlyDictionary<DateOnly, int>> CountByDayAsync(this ExalateDbContext db, string sql, Guid connectionId, DateOnly since, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = sql;
            Add(command, "@connection", connectionId);
            Add(command, "@since", since.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).Ticks);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var days = new Dictionary<DateOnly, int>();
            while (await reader.ReadAsync(cancellationToken))
            {
                days[DateOnly.FromDayNumber(Convert.ToInt32(reader.GetValue(0), CultureInfo.InvariantCulture))] = Convert.ToInt32(reader.GetValue(1), CultureInfo.InvariantCulture);
            }

            return days;
        }
        finally
        {
            // The context is used again, by somebody who expects it closed.
            await db.Database.CloseConnectionAsync();
        }
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
