using System.Diagnostics;
using System.Net;
using System.Text;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;
using Exalate.Tests.Http;
using Exalate.Tests.Trackers.Support;
using Microsoft.AspNetCore.Http;

namespace Exalate.Tests.Trackers.Calls;

/// <summary>What goes wrong between a node and its tracker, against a server that plays it.</summary>
public sealed class TrackerFaultTests
{
    private const string Myself = """{"accountId":"5b10","displayName":"Exalate Proxy"}""";

    private static readonly EntityChange Rename = new() { Summary = "new" };

    private static readonly NewEntity Bug = new()
    {
        ProjectId = "10000", Type = new("10001", "Bug"), Summary = "Login fails", Description = RichDocument.Empty, OriginMark = "mark-1",
    };

    [Fact]
    public async Task Read_RateLimited_WaitsAsLongAsTheTrackerAsks()
    {
        await using var server = await Server(
            c => Answer(c, 429, """{"errorMessages":["slow"]}""", ("Retry-After", "1")),
            c => Answer(c, 200, Myself));
        using var bench = new TrackerBench();
        var started = Stopwatch.GetTimestamp();

        var account = await bench.Jira(server.Url).GetAccountAsync(TrackerBench.Patience);

        Assert.Equal("5b10", account.Id);
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(950));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Write_RateLimited_IsRepeatedBecauseItDidNothing()
    {
        await using var server = await Server(
            c => Answer(c, 429, "{}", ("Retry-After", "0")),
            c => Answer(c, 204, null));
        using var bench = new TrackerBench();

        await bench.Jira(server.Url).UpdateAsync("10042", Rename, TrackerBench.Patience);

        Assert.Equal(["PUT", "PUT"], server.Requests.Select(r => r.Method));
    }

    [Fact]
    public async Task Read_RateLimitedForLong_IsHandedBackWithTheTime()
    {
        await using var server = await Server(c => Answer(c, 429, "{}", ("Retry-After", "3600")));
        using var bench = new TrackerBench();

        var failure = await Fails(() => bench.Jira(server.Url).GetAccountAsync(TrackerBench.Patience));

        Assert.Equal((FailureCategory.RateLimited, TimeSpan.FromHours(1), false), (failure.Category, failure.RetryAfter, failure.OutcomeUnknown));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task AnyCall_AfterAsanaRateLimited_RestsWithoutAskingAgain()
    {
        await using var server = await Server(c => Answer(c, 429, """{"errors":[{"message":"You've made too many requests"}]}""", ("Retry-After", "60")));
        using var bench = new TrackerBench();
        var asana = bench.Asana(server.Url);
        await Fails(() => asana.GetAccountAsync(TrackerBench.Patience));

        var failure = await Fails(() => asana.ReadAsync("12", TrackerBench.Patience));

        Assert.Equal(FailureCategory.RateLimited, failure.Category);
        Assert.InRange(failure.RetryAfter!.Value, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(60));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task AnyCall_AfterJiraBurstLimit_GoesOn()
    {
        await using var server = await Server(
            c => Answer(c, 429, "{}", ("Retry-After", "60"), ("RateLimit-Reason", "jira-per-issue-on-write")),
            c => Answer(c, 200, Myself));
        using var bench = new TrackerBench();
        var jira = bench.Jira(server.Url);
        await Fails(() => jira.UpdateAsync("1", Rename, TrackerBench.Patience));

        Assert.Equal("Exalate Proxy", (await jira.GetAccountAsync(TrackerBench.Patience)).Name);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Read_ServerFails_IsTriedAgain(int status)
    {
        await using var server = await Server(c => Answer(c, status, "oops"), c => Answer(c, 200, Myself));
        using var bench = new TrackerBench();

        Assert.Equal("5b10", (await bench.Jira(server.Url).GetAccountAsync(TrackerBench.Patience)).Id);
    }

    [Theory]
    [InlineData(500, FailureCategory.Transient)]
    [InlineData(503, FailureCategory.Unavailable)]
    [InlineData(504, FailureCategory.Transient)]
    public async Task Write_ServerFails_IsNotRepeatedAndItsOutcomeUnknown(int status, FailureCategory category)
    {
        await using var server = await Server(c => Answer(c, status, "oops"));
        using var bench = new TrackerBench();

        var failure = await Fails(() => bench.Jira(server.Url).CreateAsync(Bug, TrackerBench.Patience));

        Assert.Equal((category, true, status), (failure.Category, failure.OutcomeUnknown, failure.StatusCode));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Write_AnswerLost_IsNotRepeatedAndItsOutcomeUnknown()
    {
        await using var server = await Server(c =>
        {
            c.Abort();
            return Task.CompletedTask;
        });
        using var bench = new TrackerBench();

        var failure = await Fails(() => bench.Jira(server.Url).CreateAsync(Bug, TrackerBench.Patience));

        Assert.Equal((FailureCategory.Transient, true), (failure.Category, failure.OutcomeUnknown));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Write_NoAnswerInTime_IsNotRepeatedAndItsOutcomeUnknown()
    {
        await using var server = await Server(c => Task.Delay(Timeout.Infinite, c.RequestAborted));
        // Long enough for the request to arrive on a busy machine.
        using var bench = new TrackerBench(o => o.AttemptTimeout = TimeSpan.FromSeconds(5));

        var failure = await Fails(() => bench.Jira(server.Url).AddCommentAsync("1", new NewComment { Body = RichDocument.Empty, OriginMark = "m" }, TrackerBench.Patience));

        Assert.Equal((FailureCategory.Transient, true), (failure.Category, failure.OutcomeUnknown));
        Assert.Contains("did not answer within 5 s", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Read_AnswerLost_IsTriedAgain()
    {
        await using var server = await Server(
            c =>
            {
                c.Abort();
                return Task.CompletedTask;
            },
            c => Answer(c, 200, Myself));
        using var bench = new TrackerBench();

        Assert.Equal("5b10", (await bench.Jira(server.Url).GetAccountAsync(TrackerBench.Patience)).Id);
    }

    [Fact]
    public async Task Call_CallerGivesUp_IsCancelledNotFailed()
    {
        await using var server = await Server(c => Task.Delay(Timeout.Infinite, c.RequestAborted));
        using var bench = new TrackerBench();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Jira(server.Url).GetAccountAsync(stop.Token));
    }

    [Fact]
    public async Task Call_NothingListens_IsUnavailableAndSurelyDidNothing()
    {
        var server = await Server(c => Answer(c, 200, Myself));
        var url = server.Url;
        await server.DisposeAsync();
        using var bench = new TrackerBench();

        var failure = await Fails(() => bench.Jira(url).CreateAsync(Bug, TrackerBench.Patience));

        Assert.Equal((FailureCategory.Unavailable, false), (failure.Category, failure.OutcomeUnknown));
        Assert.Contains(url.Authority, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_NoTlsOnTheOtherSide_IsUnavailable()
    {
        await using var server = await Server(c => Answer(c, 200, Myself));
        using var bench = new TrackerBench();

        var failure = await Fails(() => bench.Jira(new Uri($"https://127.0.0.1:{server.Port}")).GetAccountAsync(TrackerBench.Patience));

        Assert.Equal(FailureCategory.Unavailable, failure.Category);
        Assert.Contains("TLS", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_UnknownHost_IsUnavailable()
    {
        using var bench = new TrackerBench(resolver: new NoNames());

        var failure = await Fails(() => bench.Asana(new Uri("https://app.asana.invalid")).GetAccountAsync(TrackerBench.Patience));

        Assert.Equal(FailureCategory.Unavailable, failure.Category);
        Assert.Contains("'app.asana.invalid' is unknown", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_AddressNotAllowed_IsMisconfiguredAndSaysWhereToAllowIt()
    {
        await using var server = await Server(c => Answer(c, 200, Myself));
        using var bench = new TrackerBench(networks: []);

        var failure = await Fails(() => bench.Jira(server.Url).GetAccountAsync(TrackerBench.Patience));

        Assert.Equal(FailureCategory.Misconfigured, failure.Category);
        Assert.Contains("'Allowed private networks'", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(200, "text/html", "<html><title>Welcome</title></html>")]
    [InlineData(404, "text/html", "<html><title>Not found</title></html>")]
    [InlineData(404, "application/json", """{"errors":[{"message":"No such path"}]}""")]
    [InlineData(200, "application/json", """{"hello":"world"}""")]
    [InlineData(200, "application/json", "[1,2]")]
    public async Task GetAccount_SiteThatIsNoTracker_IsMisconfigured(int status, string type, string body)
    {
        await using var server = await Server(c =>
        {
            c.Response.ContentType = type;
            return Answer(c, status, body);
        });
        using var bench = new TrackerBench();

        Assert.Equal(FailureCategory.Misconfigured, (await Fails(() => bench.Jira(server.Url).GetAccountAsync(TrackerBench.Patience))).Category);
        Assert.Equal(FailureCategory.Misconfigured, (await Fails(() => bench.Asana(server.Url).GetAccountAsync(TrackerBench.Patience))).Category);
    }

    [Fact]
    public async Task GetAccount_Redirect_IsMisconfiguredAndTheTokenStaysHere()
    {
        await using var other = await Server(c => Answer(c, 200, Myself));
        await using var server = await Server(c => Answer(c, 302, null, ("Location", $"http://localhost:{other.Port}/rest/api/3/myself")));
        using var bench = new TrackerBench();

        var failure = await Fails(() => bench.Jira(server.Url).GetAccountAsync(TrackerBench.Patience));

        Assert.Equal(FailureCategory.Misconfigured, failure.Category);
        Assert.Contains("redirect (302 to localhost)", failure.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task GetAccount_TokenRefused_IsUnauthorizedAndNoTextHoldsASecret(int status)
    {
        await using var server = await Server(c => Answer(c, status, $$"""{"errorMessages":["you sent {{c.Request.Headers.Authorization}}"],"errors":{"token":"{{TrackerBench.JiraToken}}"} }"""));
        using var bench = new TrackerBench();

        var failure = await Fails(() => bench.Jira(server.Url).GetAccountAsync(TrackerBench.Patience));

        Assert.Equal(FailureCategory.Unauthorized, failure.Category);
        Assert.Contains("General Settings", failure.Message, StringComparison.Ordinal);
        var all = failure + failure.TrackerSaid;
        Assert.DoesNotContain(TrackerBench.JiraToken, all, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TrackerBench.Email}:{TrackerBench.JiraToken}")), all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\r\nX-Evil: 1")]
    [InlineData("tökén")]
    public async Task GetAccount_TokenThatCantBeOne_IsUnauthorizedWithoutACall(string token)
    {
        await using var server = await Server(c => Answer(c, 200, Myself));
        using var bench = new TrackerBench();

        var failure = await Fails(() => bench.Asana(server.Url, token).GetAccountAsync(TrackerBench.Patience));

        Assert.Equal(FailureCategory.Unauthorized, failure.Category);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Write_Refused_CarriesTheTrackersWords()
    {
        await using var server = await Server(c => Answer(c, 400, """{"errorMessages":[],"errors":{"summary":"Field 'summary' cannot be set."}}"""));
        using var bench = new TrackerBench();

        var failure = await Fails(() => bench.Jira(server.Url).UpdateAsync("10042", Rename, TrackerBench.Patience));

        Assert.Equal((FailureCategory.Rejected, 400, false, false), (failure.Category, failure.StatusCode, failure.OutcomeUnknown, failure.TargetGone));
        Assert.Equal("summary: Field 'summary' cannot be set.", failure.TrackerSaid);
        Assert.Equal($"Jira Cloud at {server.Url.ToString().TrimEnd('/')} refused to change issue 10042 (400). It said: \"summary: Field 'summary' cannot be set.\"", failure.Message);
    }

    [Fact]
    public async Task Write_TargetMissing_SaysThatItIsGone()
    {
        await using var server = await Server(c => Answer(c, 404, """{"errorMessages":["Issue does not exist or you do not have permission to see it."],"errors":{}}"""));
        using var bench = new TrackerBench();

        var failure = await Fails(() => bench.Jira(server.Url).UpdateAsync("10042", Rename, TrackerBench.Patience));

        Assert.True(failure.TargetGone);
        Assert.False(failure.OutcomeUnknown);
    }

    [Fact]
    public async Task Write_GoodStatusWithoutAnId_OutcomeUnknown()
    {
        await using var server = await Server(c => Answer(c, 201, "{}"));
        using var bench = new TrackerBench();

        Assert.True((await Fails(() => bench.Jira(server.Url).CreateAsync(Bug, TrackerBench.Patience))).OutcomeUnknown);
    }

    [Fact]
    public async Task AnyCall_AfterManyFailures_LeavesTheTrackerAloneForAWhile()
    {
        await using var server = await Server(c => Answer(c, 500, "oops"));
        using var bench = new TrackerBench(o => (o.FailuresBeforeBreak, o.Retries, o.Break) = (4, 0, TimeSpan.FromMinutes(1)));
        var jira = bench.Jira(server.Url);
        for (var i = 0; i < 4; i++)
        {
            await Fails(() => jira.GetAccountAsync(TrackerBench.Patience));
        }

        var failure = await Fails(() => bench.Jira(server.Url).CreateAsync(Bug, TrackerBench.Patience));

        Assert.Equal((FailureCategory.Unavailable, false), (failure.Category, failure.OutcomeUnknown));
        Assert.Contains("several times in a row", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.RetryAfter);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task Writes_ManyAtOnce_StayWithinTheLimit()
    {
        var (now, most) = (0, 0);
        await using var server = await Server(async c =>
        {
            var mine = Interlocked.Increment(ref now);
            InterlockedMax(ref most, mine);
            await Task.Delay(30);
            Interlocked.Decrement(ref now);
            await Answer(c, 204, null);
        });
        using var bench = new TrackerBench(o => o.ConcurrentWrites = 3);

        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => bench.Jira(server.Url).UpdateAsync($"{i}", Rename, TrackerBench.Patience)));

        Assert.Equal(20, server.Requests.Count);
        Assert.InRange(most, 1, 3);
    }

    internal static async Task<TrackerException> Fails(Func<Task> call) => await Assert.ThrowsAsync<TrackerException>(call);

    internal static Task<LoopbackServer> Server(params RequestDelegate[] answers)
    {
        var next = -1;
        return LoopbackServer.StartAsync(c => answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)](c));
    }

    internal static Task Answer(HttpContext context, int status, string? body, params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.ContentType ??= "application/json";
        return body is null ? Task.CompletedTask : context.Response.WriteAsync(body);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private sealed class NoNames : Core.Http.IHostResolver
    {
        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound);
    }
}
