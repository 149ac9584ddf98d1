using System.Buffers.Text;
using System.Text;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Connections.Life;
using Exalate.Core.Peers;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Guards;
using Exalate.Core.Sync.Rebuild;
using Exalate.Core.Sync.Watching;
using Exalate.Core.Trackers;
using MediatR;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Exalate.Benchmarks.Simulation;

/// <summary>A node of a world: the real engine, inbox, webhook receiver and watcher on a database of its own; everything beyond its ports is simulated.</summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly ServiceDescriptor[] Product = ProductServices();

    private readonly TestDatabase database;
    private readonly ServiceProvider services;
    private readonly SyncEngine[] processes;
    private readonly Disk disk;
    private readonly SqliteCommand nextDue;
    private readonly (Guid Twin, string Owner)?[] held;
    private SqliteConnection? backup;
    private Pulses pulses;
    private int calls;

    private Node(string name, TestDatabase database, ServiceProvider services, SimTracker tracker, NodeWire wire, CrashSwitch crash, Disk disk, LeakTrap leaks, (Guid Twin, string Owner)?[] held)
    {
        this.held = held;
        (Name, this.database, this.services, Tracker, Wire, Crash, this.disk, Leaks) = (name, database, services, tracker, wire, crash, disk, leaks);
        processes = [NewProcess(), NewProcess()];
        nextDue = database.Beside.CreateCommand();
        nextDue.CommandText =
            "SELECT MIN(MAX(t.DueAt, IFNULL(t.LeaseUntil + 1, 0), CASE WHEN t.AwaitsPartner THEN IFNULL(c.PausedUntil, 0) ELSE 0 END))"
            + " FROM Twins t JOIN Connections c ON c.Id = t.ConnectionId WHERE t.DueAt IS NOT NULL AND c.Status = 'Active' AND c.HeldSince IS NULL";
        pulses = NewPulses();
        (Root, Front) = (this, this);
    }

    /// <summary>The other project of a node: the same process, database and account, with people of its own.</summary>
    private Node(Node root, string name, SimTracker tracker)
    {
        (Root, Front, Name, Tracker, held, database, services) = (root, this, name, tracker, root.held, root.database, root.services);
        (Wire, Crash, disk, Leaks, processes, nextDue, pulses) = (root.Wire, root.Crash, root.disk, root.Leaks, root.processes, root.nextDue, root.pulses);
    }

    /// <summary>The node itself, of which this may be the half that stands for its second project.</summary>
    public Node Root { get; }

    /// <summary>Whom partners, the tracker and people reach under this node's address: where it runs twice, one of the two.</summary>
    public Node Front { get; set; }

    /// <summary>Where this node has a second project, connected with the first.</summary>
    public Node? Half { get; private set; }

    public bool IsHalf => Root != this;

    public string Name { get; }

    /// <summary>It has no address: neither partners nor its tracker can call it.</summary>
    public bool IsPrivate { get; private set; }

    public SimTracker Tracker { get; }

    public NodeWire Wire { get; }

    public CrashSwitch Crash { get; }

    public LeakTrap Leaks { get; }

    /// <summary>This node's id of its connection to another, by the other's name.</summary>
    public Dictionary<string, Guid> Connections { get; } = [];

    /// <summary>Switched off safeguard that has something to do when a process starts.</summary>
    public Break? Sabotage { get; private init; }

    public required Action Died { get; init; }

    private ICallGate Gate { get; init; } = null!;

    /// <summary>Somebody outside calls the node at this moment: what it stores is not one of its workers'.</summary>
    public bool IsCalled => Root.calls > 0;

    /// <summary>The pair that a process took and works on.</summary>
    public (Guid Twin, string Owner)? Held(int process) => held[process];

    public NoticeDesk Notices => services.GetRequiredService<NoticeDesk>();

    public SecretRotation Rotation => services.GetRequiredService<SecretRotation>();

    public MailRoom MailRoom => services.GetRequiredService<MailRoom>();

    public LocalWay LocalWay => services.GetRequiredService<LocalWay>();

    public PulseDesk PulseDesk => services.GetRequiredService<PulseDesk>();

    public HeldConnections HeldConnections => services.GetRequiredService<HeldConnections>();

    public ISyncInbox Inbox => services.GetRequiredService<ISyncInbox>();

    public SqliteConnection Sql => database.Beside;

    public ExalateDbContext Db() => database.CreateDbContext();

    /// <param name="half">Name of the half that stands for the node's second project; null: it has but one.</param>
    public static Node Create(string name, TrackerKind kind, ManualTime time, IRandomSource random, World world, Break? sabotage, string? half = null) =>
        Create(name, kind, time, random, world, sabotage, half, null);

    /// <summary>A second process of this node, with a copy of its database as it is now.</summary>
    public Node Copy(ManualTime time, IRandomSource random, World world)
    {
        var copy = Create(Name, Tracker.Description.Kind, time, random, world, Sabotage, null, Tracker);
        database.Beside.BackupDatabase(copy.database.Beside);
        foreach (var (other, id) in Connections)
            copy.Connections[other] = id;
        foreach (var (link, other) in Wire.Routes)
            copy.Wire.Routes[link] = other;
        copy.Wire.Own = copy;
        return copy;
    }

    private static Node Create(string name, TrackerKind kind, ManualTime time, IRandomSource random, World world, Break? sabotage, string? half, SimTracker? shared)
    {
        var crash = new CrashSwitch();
        var disk = new Disk { Meanwhile = () => world.Meanwhile(name) };
        var leaks = new LeakTrap();
        var database = TestDatabase.CreateInMemory(
            [.. sabotage?.Interceptors() ?? [], new CrashingCommands(crash), new CrashingCommits(crash), new LookWatch(() => world.AfterLook(name)), new CommitWatch(() => world.AtBegin(name), () => world.AtCommit(name)), disk]);
        disk.Database = database;
        var gate = new NodeGate(name, crash, world);
        var tracker = shared ?? NewTracker(name, kind, time, world, gate, SimTracker.OnlyProject);
        var second = half is null ? null : NewTracker(half, kind, time, world, new NodeGate(half, crash, world), SimTracker.OtherProject);
        ITracker seen = second is null ? tracker : new TwoProjects(tracker, second);
        var wire = new NodeWire(name, gate, world, leaks);
        var collection = new ServiceCollection();
        foreach (var descriptor in Product)
            ((ICollection<ServiceDescriptor>)collection).Add(descriptor);
        collection.AddSingleton<TimeProvider>(time);
        collection.AddSingleton(random);
        collection.AddSingleton<IDbContextFactory<ExalateDbContext>>(database);
        collection.AddSingleton<IPeerClient>(wire);
        collection.AddSingleton<ITrackerProvider>(new FixedTracker(sabotage?.Tracker?.Invoke(seen) ?? seen));
        collection.AddSingleton<ISecretProtector>(leaks);
        collection.AddSingleton<ILoggerFactory>(leaks);
        world.SetGuards(collection);
        sabotage?.Services?.Invoke(collection);
        var held = new (Guid Twin, string Owner)?[2];
        WatchClaims(collection, inner => new ClaimWatch(inner, name, database, world, (twin, owner) => held[world.RunningProcess] = (twin, owner)));
        var services = collection.BuildServiceProvider();
        var died = () => world.Tell($"  {name} dies and starts again");
        var node = new Node(name, database, services, tracker, wire, crash, disk, leaks, held) { Sabotage = sabotage, Died = died, Gate = gate };
        if (second is not null)
            node.Half = new Node(node, half!, second) { Sabotage = sabotage, Died = died, Gate = second.Gate };
        return node;
    }

    private static SimTracker NewTracker(string name, TrackerKind kind, ManualTime time, World world, NodeGate gate, string project) => new(name, kind, time, project)
    {
        Gate = gate,
        Changed = (entityId, exists, by) => world.OnChanged(name, entityId, exists, by),
        NodeWrote = (entityId, change) => world.OnNodeWrote(name, entityId, change),
    };

    /// <summary>When the engine next has something to do; null: nothing is planned, or the node itself has it to do and not its half.</summary>
    public DateTimeOffset? NextDue() => IsHalf ? null : nextDue.ExecuteScalar() is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>One round of one of the node's two processes. One that was killed starts again.</summary>
    public bool Work(int process)
    {
        var outer = Tracker.Gate;
        Tracker.Gate = Gate;
        try
        {
            return Finished(processes[process].WorkAsync(default));
        }
        catch (Exception exception) when (Crash.HasCrashed || exception is ProcessKilledException)
        {
            Restart(process);
            return true;
        }
        finally
        {
            held[process] = null;
            Tracker.Gate = outer;
        }
    }

    /// <summary>When the next notice is to be told to a partner, in their order; null: none waits.</summary>
    public DateTimeOffset? NextNotice()
    {
        using var next = Sql.CreateCommand();
        next.CommandText = "SELECT MIN(n.NextAttemptAt) FROM ConnectionNotices n WHERE n.Number = (SELECT MIN(m.Number) FROM ConnectionNotices m WHERE m.ConnectionId = n.ConnectionId)";
        return next.ExecuteScalar() is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    }

    public Task DeliverNoticesAsync() => services.GetRequiredService<NoticeCourier>().DeliverDueAsync(default);

    public bool IsActive(Guid connectionId)
    {
        using var status = Sql.CreateCommand();
        status.CommandText = "SELECT Status FROM Connections WHERE Id = @c";
        status.Parameters.Add(new SqliteParameter("@c", connectionId));
        return (string?)status.ExecuteScalar() == nameof(ConnectionStatus.Active);
    }

    /// <summary>Shows each partner its number, as at a node's start and every quarter of an hour.</summary>
    public void ShowPulse()
    {
        pulses = NewPulses();
        Call(() => pulses.SendDueAsync(default));
    }

    /// <summary>When a connection that is rebuilt goes on with that; null: none is.</summary>
    public DateTimeOffset? NextRebuild()
    {
        using var next = Sql.CreateCommand();
        next.CommandText = "SELECT MIN(IFNULL(PausedUntil, 0)) FROM Connections WHERE HeldKind = 'Rebuilding' AND Status = 'Active'";
        return next.ExecuteScalar() is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    }

    /// <summary>A page of each connection that is rebuilt.</summary>
    public void Rebuild() => Call(() => services.GetRequiredService<Rebuilder>().WorkAsync(default));

    /// <summary>SQLite's own back-up.</summary>
    public void BackUp()
    {
        backup = new SqliteConnection("Data Source=:memory:;Pooling=False");
        backup.Open();
        database.Beside.BackupDatabase(backup);
    }

    /// <summary>The node is stopped, its database replaced by the back-up, and the node started again.</summary>
    public void RestoreBackUp()
    {
        backup!.BackupDatabase(database.Beside);
        for (var process = 0; process < processes.Length; process++)
            Restart(process);
    }

    /// <summary>What this node gives along with an entity, to know it by again.</summary>
    public async Task<string?> VouchAsync(Guid connectionId, string entityId)
    {
        await using var db = Db();
        return await services.GetRequiredService<Vouchers>().MakeAsync(db, await db.Connections.AsNoTracking().SingleAsync(row => row.Id == connectionId), entityId, default);
    }

    public Task<T> SendAsync<T>(IRequest<T> request) => services.GetRequiredService<IMediator>().Send(request);

    /// <summary>Registers the webhook and polls, as far as due.</summary>
    public void Watch() => Call(() => services.GetRequiredService<TrackerWatcher>().LookAsync(default));

    /// <summary>The tracker calls the node. False: it was not acknowledged.</summary>
    public bool ReceiveWebhook(string entityId, bool exists, ChangeStamp? by)
    {
        using var find = Sql.CreateCommand();
        find.CommandText = "SELECT RegistrationId FROM TrackerWatches";
        if (find.ExecuteScalar() is not string registration)
            return true;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-Signature"] = Tracker.WebhookSecret ?? "" };
        ReadOnlyMemory<byte>? body = SimTracker.WebhookBody(entityId, exists, by);
        var status = 0;
        Call(async () => status = (await services.GetRequiredService<IWebhookReceiver>().ReceiveAsync(registration, headers, _ => Task.FromResult(body), default)).Status);
        return status == 200;
    }

    /// <summary>A person brings an entity under sync; null when the process died over it.</summary>
    public Guid? Exalate(string other, string key)
    {
        Guid? twin = null;
        Call(async () =>
        {
            var started = await services.GetRequiredService<IMediator>().Send(new ExalateEntity(Connections[other], key, null));
            twin = started.IsSuccess ? started.Value.TwinId : null;
        });
        return twin;
    }

    /// <summary>Something outside calls the node. A process that is killed over it starts again; the caller hears nothing.</summary>
    /// <returns>False when the process died.</returns>
    public bool Call(Func<Task> callAsync)
    {
        var outer = Tracker.Gate;
        Tracker.Gate = Gate;
        Root.calls++;
        try
        {
            Finished(DoneAsync(callAsync));
            return true;
        }
        catch (TrackerException)
        {
            return true;
        }
        catch (Exception exception) when (Crash.HasCrashed || exception is ProcessKilledException)
        {
            Restart(0);
            return false;
        }
        finally
        {
            Root.calls--;
            Tracker.Gate = outer;
        }
    }

    /// <summary>A process dies and starts again: a new engine on the same rows, less what was not yet on the disk.</summary>
    public void Restart(int process = 0)
    {
        Died();
        Crash.Reset();
        disk.LosePower();
        Sabotage?.AtRestart?.Invoke(this);
        processes[process] = NewProcess();
    }

    /// <summary>A statement of the simulation itself.</summary>
    public void Execute(string sql)
    {
        using var command = Sql.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <param name="reach">Which side calls.</param>
    public void Connect(Node other, Guid id, Guid link, bool isInviter, Reach reach, IRandomSource random)
    {
        using var db = Db();
        var isLocal = other.Root == Root;
        if (!db.Settings.Any())
        {
            db.Settings.Add(new NodeSettings
            {
                NodeUid = random.NewGuid().ToString("N"), DefaultProjectId = "P", ExalateUrl = reach == Reach.OnlyWeCall ? null : $"https://node-{Name.ToLowerInvariant()}.example", TrackerUrl = Tracker.InstanceUrl,
                ProtectedTrackerToken = Leaks.Hide(services, SimTracker.Token + Name),
            });
        }

        db.Connections.Add(new Connection
        {
            Id = id,
            LinkId = link,
            Name = $"{Name}_to_{other.Name}",
            Type = isLocal ? ConnectionType.Local : reach == Reach.Both ? ConnectionType.Public : ConnectionType.Private,
            Reach = reach,
            Mode = ConnectionMode.Basic,
            Status = ConnectionStatus.Active,
            IsInviter = isInviter,
            LocalShortName = Name,
            RemoteShortName = other.Name,
            RemoteUrl = isLocal || reach == Reach.OnlyTheyCall ? null : $"https://node-{other.Name.ToLowerInvariant()}.example",
            RemoteNodeUid = $"uid-of-{other.Name}",
            ProtectedSecret = isLocal ? null : Leaks.Hide(services, Base64Url.EncodeToString([.. link.ToByteArray(), .. link.ToByteArray()])),
            ProjectId = Tracker.Project,
            ProjectKey = Tracker.Project,
            ProjectName = $"Project {Tracker.Project}",
            CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        });
        db.SaveChanges();
        IsPrivate |= reach == Reach.OnlyWeCall;
        Connections[other.Name] = id;
        Wire.Own = Root;
        if (isLocal)
            Wire.Halves[id] = other;
        else
            Wire.Routes[link] = other;
    }

    public async ValueTask DisposeAsync()
    {
        if (IsHalf)
            return;
        await nextDue.DisposeAsync();
        if (backup is not null)
            await backup.DisposeAsync();
        await services.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>The engine runs on this thread alone: whatever it awaits is finished when it returns.</summary>
    private static T Finished<T>(Task<T> task) => task.IsCompleted
        ? task.GetAwaiter().GetResult()
        : throw new InvalidOperationException("The engine left this thread: something in it awaits a real timer, thread or socket.");

    private static async Task<bool> DoneAsync(Func<Task> callAsync)
    {
        await callAsync();
        return true;
    }

    private Pulses NewPulses() => ActivatorUtilities.CreateInstance<Pulses>(services);

    private SyncEngine NewProcess() => ActivatorUtilities.CreateInstance<SyncEngine>(services);

    private static void WatchClaims(IServiceCollection collection, Func<IQueueStatements, IQueueStatements> wrap)
    {
        var registered = collection.Last(descriptor => descriptor.ServiceType == typeof(IQueueStatements));
        collection.AddSingleton(provider => wrap((IQueueStatements)(registered.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!))));
    }

    /// <summary>The product's own wiring, scanned once for all worlds.</summary>
    private static ServiceDescriptor[] ProductServices()
    {
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddSyncEngine();
        collection.AddExalateCore();
        collection.RemoveAll<ILoggerFactory>();
        return [.. collection];
    }

    private sealed class FixedTracker(ITracker tracker) : ITrackerProvider
    {
        public Task<ITracker?> GetAsync(CancellationToken cancellationToken) => Task.FromResult<ITracker?>(tracker);
    }
}

/// <summary>
/// Hides secrets as a node does, collects the log, and remembers every secret, so that a look at database, log and messages finds one that got out.
/// </summary>
internal sealed class LeakTrap : ISecretProtector, ILoggerFactory, ILogger
{
    private const string Prefix = "hidden:";

    private readonly HashSet<string> secrets = [];
    private readonly StringBuilder log = new();

    /// <summary>Everything that left the node or was logged.</summary>
    public string Log => log.ToString();

    public IReadOnlyCollection<string> Secrets => secrets;

    public void Tell(string text) => log.Append(text).Append('\n');

    /// <summary>As the node would store it, through whatever protector it has.</summary>
    public string Hide(IServiceProvider services, string secret)
    {
        secrets.Add(secret);
        return services.GetRequiredService<ISecretProtector>().Protect(secret);
    }

    public string Protect(string secret)
    {
        secrets.Add(secret);
        return Prefix + Convert.ToBase64String(Array.ConvertAll(Encoding.UTF8.GetBytes(secret), part => (byte)(part ^ 0x5A)));
    }

    public string Unprotect(string protectedSecret) => !protectedSecret.StartsWith(Prefix, StringComparison.Ordinal)
        ? protectedSecret
        : Encoding.UTF8.GetString(Array.ConvertAll(Convert.FromBase64String(protectedSecret[Prefix.Length..]), part => (byte)(part ^ 0x5A)));

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Tell(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
