using System.Data.Common;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Benchmarks.Simulation;

/// <summary>A safeguard of the product, switched off from outside: by a decorator, a replaced registration, a trigger, or a statement said differently.</summary>
/// <param name="Name">For the command line.</param>
/// <param name="Promise">The promise it stands for, 1-8.</param>
/// <param name="SwitchesOff">What does not happen any more.</param>
internal sealed partial record Break(string Name, int Promise, string SwitchesOff)
{
    /// <summary>SQL for each node's database at the start.</summary>
    public string? Triggers { get; init; }

    /// <summary>Says a statement differently.</summary>
    public Func<string, string>? Statement { get; init; }

    /// <summary>Pragmas of each connection, after the product's own.</summary>
    public string? Pragmas { get; init; }

    public Func<ITracker, ITracker>? Tracker { get; init; }

    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>Whatever a partner shows of an entity is taken for a voucher of ours.</summary>
    public bool TrustsVouchers { get; init; }

    public Action<Node>? AtRestart { get; init; }

    public Action<IReadOnlyList<Node>>? AtStart { get; init; }

    public IEnumerable<IInterceptor> Interceptors()
    {
        if (Statement is not null)
            yield return new OtherWords(Statement);
        if (Pragmas is not null)
            yield return new OtherPragmas(Pragmas);
    }

    private sealed class OtherWords(Func<string, string> say) : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            command.CommandText = say(command.CommandText);
            return ValueTask.FromResult(result);
        }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            command.CommandText = say(command.CommandText);
            return ValueTask.FromResult(result);
        }
    }

    private sealed class OtherPragmas(string pragmas) : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
        }

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }
    }
}
