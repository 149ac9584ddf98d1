using Exalate.Core.Peers;
using Exalate.Core.Rules;
using Exalate.Core.Rules.Basic;
using Exalate.Core.Settings;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Inbox;
using Exalate.Core.Sync.Incoming;
using Exalate.Core.Sync.Mail;
using Exalate.Core.Sync.Outgoing;
using Exalate.Core.Sync.Errors;
using Exalate.Core.Sync.Guards;
using Exalate.Core.Sync.Pairs;
using Exalate.Core.Sync.Rebuild;
using Exalate.Core.Sync.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Exalate.Core.Sync;

public static class SyncServices
{
    /// <summary>The engine, its queues and what feeds them. The host binds <see cref="SyncOptions"/>.</summary>
    public static IServiceCollection AddSync(this IServiceCollection services)
    {
        services.AddOptions<SyncOptions>();
        services.AddOptions<GuardOptions>();
        services.AddSyncEngine();
        services.AddHostedService<SyncWorkers>();
        services.TryAddSingleton<FileSender>();
        services.TryAddSingleton<MailLoop>();
        services.AddHostedService<MailFetcher>();
        services.AddHostedService<RebuildService>();
        return services;
    }

    /// <summary>The engine without the loops that drive it.</summary>
    internal static IServiceCollection AddSyncEngine(this IServiceCollection services)
    {
        services.TryAddSingleton<IRuleSet, BasicRules>();
        services.TryAddSingleton<NodeTracker>();
        services.TryAddSingleton<PeopleDirectory>();
        services.TryAddSingleton<PeopleKeys>();
        services.TryAddSingleton<TextPreparation>();
        services.TryAddSingleton<CreateOnce>();
        services.TryAddSingleton<EntityCreator>();
        services.TryAddSingleton<OverwrittenEdits>();
        services.TryAddSingleton<FieldWriter>();
        services.TryAddSingleton<CommentWriter>();
        services.TryAddSingleton<AttachmentWriter>();
        services.TryAddSingleton<LeftInDoubt>();
        services.TryAddSingleton<ApplyRequest>();
        services.TryAddSingleton<DeliverResult>();
        services.TryAddSingleton<PrepareEvent>();
        services.TryAddSingleton<SendEvent>();
        services.TryAddSingleton<FinalizeEvent>();
        services.TryAddSingleton<FailureRecorder>();
        services.TryAddSingleton<PairHold>();
        services.TryAddSingleton<MassChangeGuard>();
        services.TryAddSingleton<HeldConnections>();
        services.TryAddSingleton<Epochs>();
        services.TryAddSingleton<Vouchers>();
        services.TryAddSingleton<RecallDesk>();
        services.TryAddSingleton<PairRebuilder>();
        services.TryAddSingleton<Rebuilder>();
        services.TryAddSingleton<IgnoredWork>();
        services.TryAddSingleton<SyncEngine>();
        services.TryAddSingleton<ChangeIntake>();
        services.TryAddSingleton<TrackerWatcher>();
        services.TryAddSingleton<Retention>();
        services.TryAddSingleton<ISyncInbox, SyncInbox>();
        services.TryAddSingleton<IWebhookReceiver, WebhookReceiver>();
        services.TryAddSingleton<IWatchingStatus, WatchingStatus>();
        return services;
    }
}
