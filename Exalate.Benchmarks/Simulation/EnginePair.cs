using System.Text.Json;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Connections.Life;
using Exalate.Core.Peers;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Replicas;
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
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Benchmarks.Simulation;

/// <summary>Two engines with real SQLite files and trackers in memory, joined by a wire that a test can cut; one held clock for both. Side A invited.</summary>
internal sealed class EnginePair : IAsyncDisposable
{
    private readonly List<MailReceipt> receipts = [];

    private EnginePair(EngineSide a, EngineSide b) => (A, B) = (a, b);

    public EngineSide A { get; }

    public EngineSide B { get; }

    public ManualTime Time { get; private init; } = null!;

    public static Task<EnginePair> CreateAsync(int seed = 1) => CreateAsync(seed, Reach.Both, Reach.Both);

    /// <summary>Two engines between real connectors.</summary>
    public static Task<EnginePair> CreateAsync(ITracker a, ITracker b) => CreateAsync(1, Reach.Both, Reach.Both, a, b);

    private static async Task<EnginePair> CreateAsync(int seed, Reach reachOfA, Reach reachOfB, ITracker? trackerOfA = null, ITracker? trackerOfB = null)
    {
        var time = new ManualTime();
        var random = new SeededRandomSource(seed);
        var link = random.NewGuid();
        var a = await EngineSide.CreateAsync("A", time, random, link, isInviter: true, reachOfA, trackerOfA);
        var b = await EngineSide.CreateAsync("B", time, random, link, isInviter: false, reachOfB, trackerOfB);
        (a.Wire.Other, b.Wire.Other) = (b, a);
        return new EnginePair(a, b) { Time = time };
    }

    /// <summary>As <see cref="CreateAsync"/>, but A can't call B: what B should know waits in A's database until B fetches it.</summary>
    public static async Task<EnginePair> CreatePrivateAsync(int seed = 1)
    {
        var pair = await CreateAsync(seed, Reach.OnlyTheyCall, Reach.OnlyWeCall);
        pair.A.Wire.Mail = pair.A.MailRoom;
        return pair;
    }

    /// <summary>What a round of B's mail loop does. False when nothing came.</summary>
    public async Task<bool> FetchAsync()
    {
        if (A.Wire.Mail is null || B.Wire.IsCut || !(A.Wire.MayHaveMail || receipts.Count > 0))
            return false;
        try
        {
            return await TryFetchAsync(A.Wire.Mail);
        }
        catch (Exception) when (A.Crash.HasCrashed)
        {
            A.Restart();
            return true;
        }
        catch (Exception) when (B.Crash.HasCrashed)
        {
            // What it had not said yet it has forgotten.
            receipts.Clear();
            B.Restart();
            return true;
        }
    }

    /// <summary>Both sides keep the same secret. Without one, whatever needs it is left out.</summary>
    public async Task AgreeOnSecretAsync()
    {
        foreach (var side in new[] { A, B })
        {
            await using var db = side.Db();
            (await db.Connections.SingleAsync()).ProtectedSecret = "c2VjcmV0LW9mLXRoZS1jb25uZWN0aW9uLWluLXRlc3Rz";
            await db.SaveChangesAsync();
        }
    }

    private async Task<bool> TryFetchAsync(MailRoom room)
    {
        var given = await room.GiveAsync(A.ConnectionId, new AskForMail([.. receipts], 0, 20_000_000), default, default);
        receipts.Clear();
        foreach (var mail in given!.Mail)
        {
            var answer = mail.Kind == MailKinds.Request
                ? await B.Inbox.StoreRequestAsync(B.ConnectionId, mail.Body.Deserialize<SyncRequestMessage>(ReplicaJson.Options)!, default)
                : await B.Inbox.StoreResultAsync(B.ConnectionId, mail.Body.Deserialize<SyncResultMessage>(ReplicaJson.Options)!, default);
            if (answer.Outcome == InboxOutcome.NotNow)
                continue;
            receipts.Add(new MailReceipt(mail.Id, answer.Outcome == InboxOutcome.Refused ? answer.Sentence : null));
        }

        A.Wire.MayHaveMail = given.Mail.Count > 0;
        return given.Mail.Count > 0;
    }

    /// <summary>Both engines work until neither has anything due at this moment.</summary>
    public async Task SettleAsync()
    {
        for (var rounds = 0; rounds < 500; rounds++)
        {
            if (!await A.WorkAsync() & !await B.WorkAsync() & !await FetchAsync())
                return;
        }

        throw new InvalidOperationException("The engines did not come to rest: a change travels to and fro.");
    }

    /// <summary>As <see cref="SettleAsync"/>, over a time in which retries fall due.</summary>
    public async Task SettleForAsync(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromSeconds(1))
        {
            await SettleAsync();
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        await SettleAsync();
    }

    /// <summary>First sync of an entity of A, to its end.</summary>
    public async Task<(Guid TwinId, string B)> ExalateAsync(string entityId)
    {
        var twin = await A.ExalateAsync(entityId);
        await SettleAsync();
        return (twin, (await A.ProgressAsync(twin)).RemoteKey!.Split('-')[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}

internal sealed class EngineSide : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly ServiceProvider services;

    private EngineSide(TestDatabase database, ServiceProvider services, FakeTracker tracker, FakeWire wire, Guid connectionId)
    {
        (this.database, this.services, Tracker, Wire, ConnectionId) = (database, services, tracker, wire, connectionId);
        Engine = services.GetRequiredService<SyncEngine>();
    }

    public required string Name { get; init; }

    public FakeTracker Tracker { get; }

    public Guid ConnectionId { get; }

    /// <summary>Kills this side's process at a chosen call to the outside.</summary>
    internal CrashSwitch Crash { get; private init; } = null!;

    private Power Power { get; init; } = null!;

    internal FakeWire Wire { get; }

    internal SyncEngine Engine { get; private set; }

    internal MailRoom MailRoom => services.GetRequiredService<MailRoom>();

    internal IServiceProvider Services => services;

    internal NoticeDesk Notices => services.GetRequiredService<NoticeDesk>();

    /// <summary>The hourly sweep of old rows.</summary>
    internal Task RetainAsync() => services.GetRequiredService<Retention>().SweepAsync(default);

    internal GuardOptions Guards => services.GetRequiredService<IOptions<GuardOptions>>().Value;

    internal ISyncInbox Inbox => services.GetRequiredService<ISyncInbox>();

    public ExalateDbContext Db() => database.CreateDbContext();

    public SqliteConnection Sql => database.Beside;

    public static async Task<EngineSide> CreateAsync(string name, ManualTime time, IRandomSource random, Guid link, bool isInviter, Reach reach = Reach.Both, ITracker? real = null)
    {
        var crash = new CrashSwitch();
        var power = new Power();
        var database = power.Database = TestDatabase.CreateInMemory(power.Statements, power.Commits, new CrashingCommands(crash), new CrashingCommits(crash));
        var tracker = new FakeTracker(name, time) { BeforeAnyCall = crash.Pass, AfterAnyCall = crash.Pass };
        var wire = new FakeWire { Crash = crash };
        var collection = new ServiceCollection();
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        collection.AddSingleton<TimeProvider>(time);
        collection.AddSingleton(random);
        collection.AddSingleton<IDbContextFactory<ExalateDbContext>>(database);
        collection.AddSingleton<IPeerClient>(wire);
        collection.AddSingleton<ITrackerProvider>(new FixedTracker(real ?? tracker));
        collection.AddSingleton<ISecretProtector, ReadableSecrets>();
        // People delete and edit here as they like; a test of the guards sets them.
        collection.Configure<GuardOptions>(guards => (guards.Removals, guards.RemovalDelay, guards.Changes) = (0, TimeSpan.Zero, 0));
        collection.AddSyncEngine();
        collection.AddExalateCore();
        var services = collection.BuildServiceProvider();
        var connection = await AddConnectionAsync(database, link, isInviter, reach);
        return new EngineSide(database, services, tracker, wire, connection) { Name = name, Crash = crash, Power = power };
    }

    /// <summary>One round of the engine. A process that was killed starts again.</summary>
    public async Task<bool> WorkAsync()
    {
        try
        {
            return await Engine.WorkAsync(default) | await services.GetRequiredService<Rebuilder>().WorkAsync(default);
        }
        catch (Exception) when (Crash.HasCrashed)
        {
            Restart();
            return true;
        }
    }

    public async Task<Guid> ExalateAsync(string typed)
    {
        var started = await SendAsync(new ExalateEntity(ConnectionId, typed, null));
        if (!started.IsSuccess)
            throw new InvalidOperationException(started.Error.Sentence);
        return started.Value.TwinId;
    }

    public async Task<TwinProgress> ProgressAsync(Guid twinId) => (await SendAsync(new GetTwinProgress(twinId)))!;

    public Task<T> SendAsync<T>(IRequest<T> request) => services.GetRequiredService<IMediator>().Send(request);

    /// <summary>The tracker reports that an entity changed.</summary>
    public async Task ReportAsync(string entityId, ChangeStamp? by = null)
    {
        try
        {
            await using var db = Db();
            await services.GetRequiredService<ChangeIntake>().TakeAsync(db, [new ChangedEntity(entityId, By: by)], FakeTracker.Account, default);
        }
        catch (Exception) when (Crash.HasCrashed)
        {
            // The call was not acknowledged: the tracker repeats it to the process that is started again.
            Restart();
            await ReportAsync(entityId, by);
        }
    }

    /// <summary>From now on the whole machine dies with the process.</summary>
    public void LosePowerToo() => Power.Watch();

    /// <summary>The process dies and starts again: a new engine on the same rows.</summary>
    public void Restart()
    {
        Power.Lose();
        Crash.Reset();
        Engine = ActivatorUtilities.CreateInstance<SyncEngine>(services);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
        Power.Dispose();
    }

    private static async Task<Guid> AddConnectionAsync(TestDatabase database, Guid link, bool isInviter, Reach reach)
    {
        await using var db = database.CreateDbContext();
        db.Settings.Add(new NodeSettings { NodeUid = Ids.New().ToString("N"), DefaultProjectId = "P" });
        var connection = new Connection
        {
            Id = Ids.New(),
            LinkId = link,
            Name = "a_to_b",
            Type = reach == Reach.Both ? ConnectionType.Public : ConnectionType.Private,
            Reach = reach,
            Mode = ConnectionMode.Basic,
            Status = ConnectionStatus.Active,
            IsInviter = isInviter,
            LocalShortName = "here",
            RemoteShortName = "there",
            ProjectId = "P",
            ProjectKey = "P",
            ProjectName = "Project P",
            CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        };
        db.Connections.Add(connection);
        await db.SaveChangesAsync();
        return connection.Id;
    }

    private sealed class FixedTracker(ITracker tracker) : ITrackerProvider
    {
        public Task<ITracker?> GetAsync(CancellationToken cancellationToken) => Task.FromResult<ITracker?>(tracker);
    }

    private sealed class ReadableSecrets : ISecretProtector
    {
        public string Protect(string secret) => secret;

        public string Unprotect(string protectedSecret) => protectedSecret;
    }
}

/// <summary>The way to the other side, in memory. Can be cut, and can lose the answer after the message arrived.</summary>
internal sealed class FakeWire : IPeerClient
{
    public EngineSide Other { get; set; } = null!;

    public CrashSwitch Crash { get; init; } = new();

    public bool IsCut { get; set; }

    /// <summary>Set where the other side can't be called: what would be posted waits here.</summary>
    public MailRoom? Mail { get; set; }

    /// <summary>False while there surely is none: a question that brings nothing costs the same as one that does.</summary>
    public bool MayHaveMail { get; set; }

    /// <summary>The partner has its side deactivated: it takes nothing and says so.</summary>
    public bool IsInactiveThere { get; set; }

    /// <summary>How many of the next answers are lost after the message was stored.</summary>
    public int AnswersToLose { get; set; }

    /// <summary>Every message is delivered twice.</summary>
    public bool Doubles { get; set; }

    public List<object> Sent { get; } = [];

    public Task SendRequestAsync(Connection connection, SyncRequestMessage message, CancellationToken cancellationToken) =>
        Mail is { } room
            ? PutAsync(room, connection, MailKinds.Request, message.EventId, message, cancellationToken)
            : DeliverAsync(message, () => Other.Inbox.StoreRequestAsync(Other.ConnectionId, message, cancellationToken));

    /// <summary>What became of requests does not get out.</summary>
    public bool LosesResults { get; set; }

    public Task SendResultAsync(Connection connection, SyncResultMessage message, CancellationToken cancellationToken) =>
        LosesResults ? Task.FromException(new PeerException(FailureCategory.Unavailable, "The node at https://b.example could not be reached (connection refused)."))
        : Mail is { } room
            ? PutAsync(room, connection, MailKinds.Result, message.EventId, message, cancellationToken)
            : DeliverAsync(message, () => Other.Inbox.StoreResultAsync(Other.ConnectionId, message, cancellationToken));

    public Task SendNoticeAsync(Connection connection, NoticeMessage message, CancellationToken cancellationToken) =>
        DeliverAsync(message, async () => (await Other.Notices.TakeAsync(Other.ConnectionId, KeyUse.Current, message, null, cancellationToken)).Answer);

    public async Task<Stream> OpenAttachmentAsync(Connection connection, string entityId, string attachmentId, string eventId, CancellationToken cancellationToken)
    {
        ThrowWhenCut();
        var file = await AtOtherAsync(() => Other.Inbox.OpenAttachmentAsync(Other.ConnectionId, entityId, attachmentId, cancellationToken))
            ?? throw new PeerException(FailureCategory.Rejected, "The file is gone.") { AttachmentGone = true };
        await using var content = file.Content;
        // As the real wire does: whole before it is used, so its size is known.
        var spooled = new MemoryStream();
        await content.CopyToAsync(spooled, cancellationToken);
        spooled.Position = 0;
        return spooled;
    }

    /// <summary>The partner's node is of a version that does not know the question.</summary>
    public bool IsOldThere { get; set; }

    /// <summary>What a partner that lies makes of its answer.</summary>
    public Func<RecallAnswer, RecallAnswer> Lie { get; set; } = said => said;

    public async Task<RecallAnswer> RecallAsync(Connection connection, RecallQuestion question, CancellationToken cancellationToken)
    {
        ThrowWhenCut();
        if (IsOldThere)
            throw PeerFailures.TooOldToRecall(connection);
        // As over the wire: nothing but the JSON arrives.
        var answer = ReplicaJson.Write(await AtOtherAsync(() => Other.Inbox.RecallAsync(Other.ConnectionId, question, cancellationToken)));
        Crash.Pass();
        return Lie(ReplicaJson.Read<RecallAnswer>(answer));
    }

    public Task<PulseTaken?> PulseAsync(Connection connection, PulseMessage message, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("These engines have nobody who asks whether they run twice.");

    private Task PutAsync<T>(MailRoom room, Connection connection, string kind, string key, T message, CancellationToken cancellationToken)
    {
        MayHaveMail = true;
        return room.PutAsync(connection.Id, kind, key, message, cancellationToken);
    }

    private async Task DeliverAsync(object message, Func<Task<InboxAnswer>> storeAsync)
    {
        ThrowWhenCut();
        Sent.Add(message);
        for (var deliveries = Doubles ? 2 : 1; deliveries > 0; deliveries--)
        {
            var answer = await AtOtherAsync(storeAsync);
            if (answer.Outcome == InboxOutcome.Refused)
                throw new PeerException(FailureCategory.Rejected, answer.Sentence!);
            if (answer.Outcome == InboxOutcome.NotNow)
                throw new PeerException(FailureCategory.Transient, answer.Sentence!) { Code = PeerCodes.NotReady };
        }

        Crash.Pass();
        if (AnswersToLose-- > 0)
            throw new PeerException(FailureCategory.Transient, "The answer was lost.");
    }

    /// <summary>The other process may be killed while it answers: this side sees a connection that ended.</summary>
    private async Task<T> AtOtherAsync<T>(Func<Task<T>> callAsync)
    {
        try
        {
            return await callAsync();
        }
        catch (Exception exception) when (Other.Crash.HasCrashed)
        {
            Other.Restart();
            throw new PeerException(FailureCategory.Transient, "The connection ended before the answer came.", exception);
        }
    }

    private void ThrowWhenCut()
    {
        Crash.Pass();
        if (IsInactiveThere)
            throw new PeerException(FailureCategory.Unavailable, "The connection is not active on the node at https://b.example.") { Code = PeerCodes.ConnectionInactive, ConnectionInactive = true };
        if (IsCut)
            throw new PeerException(FailureCategory.Unavailable, "The node at https://b.example could not be reached (connection refused).");
    }
}
