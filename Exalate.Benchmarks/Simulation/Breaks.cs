using System.Text.RegularExpressions;
using Exalate.Core;
using Exalate.Core.Peers;
using Exalate.Core.Storage;
using Exalate.Core.Sync.Guards;
using Exalate.Core.Sync.Inbox;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Exalate.Benchmarks.Simulation;

/// <summary>The safeguards that can be switched off: at least one for each promise. A simulation that does not find one of them proves nothing about it.</summary>
internal partial record Break
{
    public static IReadOnlyList<Break> All { get; } =
    [
        new("commits-unsynced", 1, "commits wait for the disk") { Pragmas = "PRAGMA synchronous=OFF" },
        new("ack-before-commit", 1, "a partner's message is in the database before it is acknowledged")
        {
            Services = services => Inbox(services, inner => new EarlyAnswers(inner)), AtRestart = node => (node.Inbox as EarlyAnswers)?.Forget(),
        },
        new("wake-up-lost", 1, "what comes for a pair while it is worked on makes it due again")
        {
            Statement = sql => sql.StartsWith("UPDATE Twins SET LeaseOwner = NULL", StringComparison.Ordinal) ? SignalComparison().Replace(sql, "1") : sql,
        },
        new("folding-swallows", 1, "only what was queued before the look at the entity is folded into it")
        {
            Triggers = """
                CREATE TRIGGER broken AFTER UPDATE OF Stage ON SyncEvents WHEN NEW.Stage IN ('Prepared', 'NoChange') AND OLD.Stage = 'Queued' BEGIN
                    UPDATE SyncEvents SET Stage = 'NoChange', FinishedAt = 1 WHERE TwinId = NEW.TwinId AND Id > NEW.Id AND Stage = 'Queued';
                END
                """,
        },
        new("plan-not-stored", 1, "what is about to be written is stored first, so that a resumed try does not decide anew")
        {
            Triggers = """
                CREATE TRIGGER broken AFTER UPDATE OF PlanJson ON SyncRequests WHEN NEW.PlanJson IS NOT NULL BEGIN
                    UPDATE SyncRequests SET PlanJson = NULL WHERE Id = NEW.Id;
                END
                """,
        },
        new("intents-forgotten", 2, "an intent stands in the database before a create goes out") { AtRestart = node => node.Execute("DELETE FROM Intents") },
        new("blind-retry", 2, "after an unknown outcome the tracker is searched before anything is created again") { Tracker = inner => new BlindTracker(inner) },
        new("event-ids-forgotten", 2, "a second delivery of a request is known by its event id")
        {
            Services = services => Inbox(services, (inner, contexts) => new ForgetfulInbox(inner, contexts, "UPDATE SyncRequests SET EventId = EventId || '~' || Id WHERE EventId = {0}", null)),
        },
        new("results-repeated", 2, "a second delivery of a result changes nothing")
        {
            Services = services => Inbox(services, (inner, contexts) => new ForgetfulInbox(
                inner, contexts, null, "UPDATE SyncEvents SET Stage = 'Sent', FinishedAt = NULL WHERE EventId = {0} AND Stage IN ('ResultArrived', 'Done')")),
        },
        new("echo-sent", 3, "what we wrote ourselves is known when the tracker reports it")
        {
            Triggers = """
                CREATE TRIGGER broken AFTER UPDATE OF LocalBase ON Twins WHEN NEW.LocalBase IS NOT NULL BEGIN
                    UPDATE Twins SET LocalBase = json_set(NEW.LocalBase, '$.summary', 'something else') WHERE Id = NEW.Id;
                END
                """,
        },
        new("echo-skipped-too-eagerly", 3, "a report is passed over only when our own account made the change, and a later look has seen it")
        {
            Triggers = "CREATE TRIGGER broken AFTER INSERT ON SyncEvents BEGIN UPDATE SyncEvents SET OwnUntil = 1 WHERE Id = NEW.Id; END",
        },
        new("read-before-write-skipped", 3, "the entity is read right before it is written") { Tracker = inner => new StaleTracker(inner) },
        new("history-not-looked-at", 3, "after a write the vendor's history tells whose edit it overwrote") { Tracker = inner => new ForgetfulTracker(inner) },
        new("vendor-form-ignored", 3, "a difference that is the vendor's way of writing is no change") { Tracker = inner => new LiteralTracker(inner) },
        new("conflict-not-recorded", 4, "a conflict is recorded with both values")
        {
            Triggers = "CREATE TRIGGER broken AFTER INSERT ON Conflicts BEGIN DELETE FROM Conflicts WHERE Id = NEW.Id; END",
        },
        new("winner-reversed", 4, "both sides know the same winner") { AtStart = nodes => nodes.ToList().ForEach(node => node.Execute("UPDATE Connections SET IsInviter = 1")) },
        new("versions-forgotten", 4, "a change made at the same time is told from a later one")
        {
            Triggers = """
                CREATE TRIGGER broken AFTER UPDATE OF FieldVersions ON Twins WHEN NEW.FieldVersions IS NOT NULL BEGIN
                    UPDATE Twins SET FieldVersions = NULL WHERE Id = NEW.Id;
                END
                """,
        },
        new("order-swapped", 5, "of a pair one request is under way at a time, and they are taken as they came")
        {
            Statement = sql => !sql.Contains("ORDER BY", StringComparison.Ordinal) ? sql
                : sql.Contains("FROM \"SyncEvents\"", StringComparison.Ordinal) ? sql.Replace("'Sent'", "'Nowhere'", StringComparison.Ordinal)
                : sql.Contains("FROM \"SyncRequests\"", StringComparison.Ordinal) ? sql.Replace("ORDER BY \"s\".\"Id\"", "ORDER BY \"s\".\"Id\" DESC", StringComparison.Ordinal) : sql,
        },
        new("claim-not-exclusive", 5, "a pair that is in work is not taken by another process") { Services = services => services.AddSingleton<IQueueStatements, GreedyQueue>() },
        new("lease-not-fenced", 5, "a process that lost its pair stores nothing for it any more")
        {
            Statement = sql => sql.StartsWith("UPDATE Twins SET LeaseUntil", StringComparison.Ordinal) ? sql.Replace("AND LeaseOwner =", "OR 0 =", StringComparison.Ordinal) : sql,
        },
        new("strangers-served", 6, "a partner reaches only what belongs to its own connection")
        {
            Services = services => Inbox(services, (inner, contexts) => new OpenHouse(inner, contexts)),
        },
        new("unexalate-not-told", 6, "the partner is told that a pair was taken out of sync")
        {
            Triggers = """
                CREATE TRIGGER broken AFTER INSERT ON SyncEvents WHEN NEW.MessageJson LIKE '%"kind":"Unlinked"%' BEGIN
                    UPDATE SyncEvents SET Stage = 'Done', FinishedAt = 1 WHERE Id = NEW.Id;
                END
                """,
        },
        new("guard-off", 6, "a connection stops when much is deleted at once") { Services = services => services.PostConfigure<GuardOptions>(guards => guards.Removals = 0) },
        new("epochs-not-compared", 1, "a partner tells a node whose number is over that it is an old copy")
        {
            Statement = sql => sql.Replace("(PartnerPulse IS NULL OR", "(1 = 1 OR", StringComparison.Ordinal),
        },
        new("rebuild-skipped", 2, "a restored node asks its partners what it knew before it goes on")
        {
            Triggers = """
                CREATE TRIGGER broken AFTER UPDATE OF HeldKind ON Connections WHEN NEW.HeldKind = 'Rebuilding' BEGIN
                    UPDATE Connections SET HeldKind = NULL, HeldSince = NULL, HeldSentence = NULL WHERE Id = NEW.Id;
                END
                """,
        },
        new("held-copy-sends", 2, "a copy of a node that knows of the other one sends nothing until an admin has decided")
        {
            Triggers = """
                CREATE TRIGGER broken AFTER UPDATE OF HeldKind ON Connections WHEN NEW.HeldKind = 'OldCopy' BEGIN
                    UPDATE Connections SET HeldSince = NULL WHERE Id = NEW.Id;
                END
                """,
        },
        new("voucher-not-checked", 6, "a restored node takes an entity for shared only when it had vouched for it") { TrustsVouchers = true },
        new("secrets-readable", 7, "secrets are encrypted before they are stored")
        {
            Services = services => services.AddSingleton<ISecretProtector>(provider => new PlainSecrets((LeakTrap)provider.GetRequiredService<ILoggerFactory>())),
        },
        new("failures-unexplained", 8, "what waits because something failed says what happened")
        {
            Triggers = """
                CREATE TRIGGER broken_events AFTER UPDATE OF Problem ON SyncEvents BEGIN UPDATE SyncEvents SET Problem = NULL WHERE Id = NEW.Id; END;
                CREATE TRIGGER broken_requests AFTER UPDATE OF Problem ON SyncRequests BEGIN UPDATE SyncRequests SET Problem = NULL WHERE Id = NEW.Id; END;
                CREATE TRIGGER broken_connections AFTER UPDATE OF Problem ON Connections BEGIN UPDATE Connections SET Problem = NULL WHERE Id = NEW.Id; END
                """,
        },
    ];

    [GeneratedRegex(@"Signal = @p\d+")]
    private static partial Regex SignalComparison();

    private static void Inbox(IServiceCollection services, Func<ISyncInbox, ISyncInbox> wrap) =>
        services.AddSingleton(provider => wrap(ActivatorUtilities.CreateInstance<SyncInbox>(provider)));

    private static void Inbox(IServiceCollection services, Func<ISyncInbox, IDbContextFactory<ExalateDbContext>, ISyncInbox> wrap) =>
        services.AddSingleton(provider => wrap(ActivatorUtilities.CreateInstance<SyncInbox>(provider), provider.GetRequiredService<IDbContextFactory<ExalateDbContext>>()));

    /// <summary>Says "stored" and stores at the next call; what is in between when the process dies is gone.</summary>
    private sealed class EarlyAnswers(ISyncInbox inner) : InboxShell(inner)
    {
        private readonly Queue<Func<Task>> inMemory = [];

        public void Forget() => inMemory.Clear();

        public override async Task<InboxAnswer> StoreRequestAsync(Guid connectionId, SyncRequestMessage message, CancellationToken cancellationToken)
        {
            await StoreAllAsync();
            inMemory.Enqueue(() => Inner.StoreRequestAsync(connectionId, message, cancellationToken));
            return InboxAnswer.Stored;
        }

        public override async Task<InboxAnswer> StoreResultAsync(Guid connectionId, SyncResultMessage message, CancellationToken cancellationToken)
        {
            await StoreAllAsync();
            inMemory.Enqueue(() => Inner.StoreResultAsync(connectionId, message, cancellationToken));
            return InboxAnswer.Stored;
        }

        private async Task StoreAllAsync()
        {
            while (inMemory.TryDequeue(out var storeAsync))
                await storeAsync();
        }
    }

    private sealed class ForgetfulInbox(ISyncInbox inner, IDbContextFactory<ExalateDbContext> contexts, string? atRequest, string? atResult) : InboxShell(inner)
    {
        public override async Task<InboxAnswer> StoreRequestAsync(Guid connectionId, SyncRequestMessage message, CancellationToken cancellationToken)
        {
            await ForgetAsync(atRequest, message.EventId);
            return await Inner.StoreRequestAsync(connectionId, message, cancellationToken);
        }

        public override async Task<InboxAnswer> StoreResultAsync(Guid connectionId, SyncResultMessage message, CancellationToken cancellationToken)
        {
            await ForgetAsync(atResult, message.EventId);
            return await Inner.StoreResultAsync(connectionId, message, cancellationToken);
        }

        private async Task ForgetAsync(string? sql, string eventId)
        {
            await using var db = contexts.CreateDbContext();
            if (sql is not null)
                await db.Database.ExecuteSqlRawAsync(sql, eventId);
        }
    }

    /// <summary>Takes a message for whatever pair or event it names, whoever sent it.</summary>
    private sealed class OpenHouse(ISyncInbox inner, IDbContextFactory<ExalateDbContext> contexts) : InboxShell(inner)
    {
        public override Task<InboxAnswer> StoreRequestAsync(Guid connectionId, SyncRequestMessage message, CancellationToken cancellationToken)
        {
            using var db = contexts.CreateDbContext();
            var pair = db.Twins.AsNoTracking().FirstOrDefault(twin => twin.PairId == message.PairId);
            return Inner.StoreRequestAsync(pair?.ConnectionId ?? connectionId, message, cancellationToken);
        }

        public override Task<InboxAnswer> StoreResultAsync(Guid connectionId, SyncResultMessage message, CancellationToken cancellationToken)
        {
            using var db = contexts.CreateDbContext();
            var row = db.SyncEvents.AsNoTracking().FirstOrDefault(candidate => candidate.EventId == message.EventId);
            return Inner.StoreResultAsync(row?.ConnectionId ?? connectionId, message, cancellationToken);
        }

        public override Task<OutgoingAttachment?> OpenAttachmentAsync(Guid connectionId, string entityId, string attachmentId, CancellationToken cancellationToken)
        {
            using var db = contexts.CreateDbContext();
            var pair = db.Twins.AsNoTracking().FirstOrDefault(twin => twin.LocalEntityId == entityId);
            return Inner.OpenAttachmentAsync(pair?.ConnectionId ?? connectionId, entityId, attachmentId, cancellationToken);
        }
    }

    /// <summary>Finds nothing of what it created.</summary>
    private sealed class BlindTracker(ITracker inner) : TrackerShell(inner)
    {
        public override TrackerDescription Description => base.Description with { IndexLag = TimeSpan.Zero };

        public override Task<CreatedEntity?> FindCreatedAsync(NewEntity entity, CreateIntent intent, CancellationToken cancellationToken) => Task.FromResult<CreatedEntity?>(null);

        public override Task<string?> FindCommentAsync(string entityId, NewComment comment, CreateIntent intent, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

        public override Task<string?> FindAttachmentAsync(string entityId, NewAttachment attachment, CreateIntent intent, CancellationToken cancellationToken) =>
            Task.FromResult<string?>(null);
    }

    /// <summary>Answers every second look at an entity from memory.</summary>
    private sealed class StaleTracker(ITracker inner) : TrackerShell(inner)
    {
        private readonly Dictionary<string, TrackerEntity> remembered = [];

        public override async Task<TrackerEntity?> ReadAsync(string idOrKey, CancellationToken cancellationToken)
        {
            if (remembered.Remove(idOrKey, out var before))
                return before;
            var entity = await base.ReadAsync(idOrKey, cancellationToken);
            if (entity is not null)
                remembered[idOrKey] = entity;
            return entity;
        }
    }

    private sealed class ForgetfulTracker(ITracker inner) : TrackerShell(inner)
    {
        public override Task<IReadOnlyList<FieldEdit>?> ReadHistoryAsync(string entityId, DateTimeOffset since, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<FieldEdit>?>(null);
    }

    private sealed class LiteralTracker(ITracker inner) : TrackerShell(inner)
    {
        public override Core.RichText.RichDocument Normalise(Core.RichText.RichDocument document, RichTextPlace place) => document;
    }

    private sealed class GreedyQueue : IQueueStatements
    {
        private static readonly string Take =
            "UPDATE Twins SET LeaseOwner = @owner, LeaseUntil = @until, ClaimedAt = @now WHERE Id = ("
            + SqliteQueueStatements.Next.Replace("(t.LeaseUntil IS NULL OR t.LeaseUntil < @now)", "1", StringComparison.Ordinal) + ") RETURNING Id";

        public Task<Guid?> ClaimTwinAsync(ExalateDbContext db, Claim claim, CancellationToken cancellationToken) => QueueCommand.ReadIdAsync(db, Take, claim, cancellationToken);
    }

    private sealed class PlainSecrets(LeakTrap leaks) : ISecretProtector
    {
        public string Protect(string secret)
        {
            leaks.Protect(secret);
            return secret;
        }

        public string Unprotect(string protectedSecret) => protectedSecret;
    }
}
