using Exalate.Core;
using Exalate.Core.Http;
using Exalate.Core.Trackers;
using Exalate.Core.Trackers.Asana;
using Exalate.Core.Trackers.Calls;
using Exalate.Core.Trackers.Jira;
using Exalate.Tests.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Exalate.Tests.Trackers.Support;

/// <summary>Real connectors over real HTTP on this machine, with short patience.</summary>
internal sealed class TrackerBench : IDisposable
{
    public const string JiraToken = "ATATT3xFfGF0-jira-secret-token";
    public const string AsanaToken = "1/1200000000000000:asana-secret-token";
    public const string Email = "exalate@acme.example";

    private readonly OutboundHttp outbound;
    private readonly TrackerFactory factory;

    public TrackerBench(Action<TrackerHttpOptions>? adjust = null, string[]? networks = null, IHostResolver? resolver = null)
    {
        outbound = OutboundHttpTests.Outbound(networks ?? ["127.0.0.0/8", "::1"], resolver);
        var http = new TrackerHttpOptions
        {
            AttemptTimeout = TimeSpan.FromSeconds(10),
            RetryDelay = TimeSpan.FromMilliseconds(10),
            LongestWait = TimeSpan.FromSeconds(2),
            FailuresBeforeBreak = 1000,
        };
        adjust?.Invoke(http);
        factory = new TrackerFactory(
            outbound,
            Options.Create(new JiraOptions { Http = http }),
            Options.Create(new AsanaOptions { Http = http }),
            TimeProvider.System,
            new SystemRandomSource(),
            NullLogger<TrackerFactory>.Instance);
    }

    public static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public ITracker Jira(Uri url, string token = JiraToken, string email = Email) => factory.Create(new TrackerAccess(TrackerKind.Jira, url, email, token));

    public ITracker Asana(Uri url, string token = AsanaToken) => factory.Create(new TrackerAccess(TrackerKind.Asana, url, null, token));

    public void Dispose()
    {
        factory.Dispose();
        outbound.Dispose();
    }
}
