using System.Text;
using Exalate.Core.Trackers;
using Exalate.Tests.Http;
using Exalate.Tests.Trackers.Support;
using Microsoft.AspNetCore.Http;

namespace Exalate.Tests.Trackers.Calls;

/// <summary>Files in and out: streamed, without our credential where it has no business.</summary>
public sealed class TrackerFileTests
{
    [Fact]
    public async Task Download_RedirectedToMedia_TheTokenStaysAtTheTracker()
    {
        await using var media = await TrackerFaultTests.Server(c => c.Response.WriteAsync("content"));
        await using var server = await TrackerFaultTests.Server(c => TrackerFaultTests.Answer(c, 303, null, ("Location", $"http://localhost:{media.Port}/file?sig=1")));
        using var bench = new TrackerBench();

        await using var stream = await bench.Jira(server.Url).OpenAttachmentAsync("1", "7", TrackerBench.Patience);

        Assert.Equal("content", await new StreamReader(stream!).ReadToEndAsync(TrackerBench.Patience));
        Assert.Contains("Authorization", server.Requests.Single().Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain("Authorization", media.Requests.Single().Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Download_RedirectedToAPrivateAddress_IsRefused()
    {
        await using var server = await TrackerFaultTests.Server(c => TrackerFaultTests.Answer(c, 303, null, ("Location", "http://169.254.169.254/latest/meta-data")));
        using var bench = new TrackerBench(networks: ["127.0.0.1"]);

        var failure = await TrackerFaultTests.Fails(() => bench.Jira(server.Url).OpenAttachmentAsync("1", "7", TrackerBench.Patience));

        Assert.Equal(FailureCategory.Misconfigured, failure.Category);
        Assert.Contains("169.254.169.254", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_AsanaNamesAPrivateAddress_IsRefused()
    {
        await using var server = await TrackerFaultTests.Server(c => TrackerFaultTests.Answer(c, 200, """{"data":{"gid":"7","download_url":"http://127.0.0.2:1/x"}}"""));
        using var bench = new TrackerBench(networks: ["127.0.0.1"]);

        Assert.Equal(FailureCategory.Misconfigured, (await TrackerFaultTests.Fails(() => bench.Asana(server.Url).OpenAttachmentAsync("1", "7", TrackerBench.Patience))).Category);
    }

    [Fact]
    public async Task Download_RedirectsInCircles_Ends()
    {
        await using var server = await TrackerFaultTests.Server(c => TrackerFaultTests.Answer(c, 303, null, ("Location", "/again")));
        using var bench = new TrackerBench();

        Assert.Equal(FailureCategory.Unexpected, (await TrackerFaultTests.Fails(() => bench.Jira(server.Url).OpenAttachmentAsync("1", "7", TrackerBench.Patience))).Category);
        Assert.InRange(server.Requests.Count, 2, 10);
    }

    [Fact]
    public async Task Download_MediaRefuses_IsNotTakenForARefusedToken()
    {
        await using var server = await TrackerFaultTests.Server(
            c => TrackerFaultTests.Answer(c, 303, null, ("Location", "/media")),
            c => TrackerFaultTests.Answer(c, 401, "expired"));
        using var bench = new TrackerBench();

        Assert.Equal(FailureCategory.Rejected, (await TrackerFaultTests.Fails(() => bench.Jira(server.Url).OpenAttachmentAsync("1", "7", TrackerBench.Patience))).Category);
    }

    [Fact]
    public async Task Download_StallsInTheMiddle_FailsInsteadOfHanging()
    {
        await using var server = await TrackerFaultTests.Server(async c =>
        {
            c.Response.ContentLength = 100;
            await c.Response.WriteAsync("begin");
            await c.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, c.RequestAborted);
        });
        using var bench = new TrackerBench(o => o.StallTimeout = TimeSpan.FromMilliseconds(300));
        await using var stream = await bench.Jira(server.Url).OpenAttachmentAsync("1", "7", TrackerBench.Patience);

        var failure = await TrackerFaultTests.Fails(() => stream!.CopyToAsync(Stream.Null, TrackerBench.Patience));

        Assert.Equal(FailureCategory.Transient, failure.Category);
    }

    [Fact]
    public async Task Download_Gone_IsNull()
    {
        await using var server = await TrackerFaultTests.Server(c => TrackerFaultTests.Answer(c, 404, """{"errorMessages":["gone"],"errors":{}}"""));
        using var bench = new TrackerBench();

        Assert.Null(await bench.Jira(server.Url).OpenAttachmentAsync("1", "7", TrackerBench.Patience));
    }

    [Fact]
    public async Task Upload_Fifty_Megabytes_IsStreamedWithItsLength()
    {
        const long Size = 50L * 1024 * 1024;
        long received = 0;
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = await c.Request.Body.ReadAsync(buffer)) > 0)
            {
                received += read;
            }

            await TrackerFaultTests.Answer(c, 200, """[{"id":"77"}]""");
        });
        using var bench = new TrackerBench();
        var source = new CountingStream(Size);

        var id = await bench.Jira(server.Url).AddAttachmentAsync("1", File("big.bin", Size, source), TrackerBench.Patience);

        Assert.Equal("77", id);
        var request = server.Requests.Single();
        Assert.True(long.Parse(request.Headers["Content-Length"], null) > Size);
        Assert.Equal("no-check", request.Headers["X-Atlassian-Token"]);
        Assert.True(received > Size);
        Assert.InRange(source.LargestRead, 1, 1024 * 1024);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(15)]
    public async Task Upload_FileHasAnotherLengthThanSaid_FailsHereNotAtTheTracker(int actual)
    {
        await using var server = await TrackerFaultTests.Server(async c =>
        {
            await c.Request.Body.CopyToAsync(Stream.Null);
            await TrackerFaultTests.Answer(c, 200, """[{"id":"77"}]""");
        });
        using var bench = new TrackerBench();

        var failure = await TrackerFaultTests.Fails(() => bench.Jira(server.Url).AddAttachmentAsync("1", File("x.bin", 10, new CountingStream(actual)), TrackerBench.Patience));

        Assert.Equal((FailureCategory.Unexpected, false), (failure.Category, failure.OutcomeUnknown));
        Assert.Contains("10 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_FileCantBeOpened_FailsHere()
    {
        await using var server = await TrackerFaultTests.Server(c => TrackerFaultTests.Answer(c, 200, "[]"));
        using var bench = new TrackerBench();
        var file = File("x.bin", 10, Stream.Null) with { OpenAsync = _ => throw new FileNotFoundException("The spooled file is missing.") };

        var failure = await TrackerFaultTests.Fails(() => bench.Jira(server.Url).AddAttachmentAsync("1", file, TrackerBench.Patience));

        Assert.Equal((FailureCategory.Unexpected, false), (failure.Category, failure.OutcomeUnknown));
        Assert.Contains("spooled file is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_HostileName_CantAddHeadersOrParts()
    {
        var body = string.Empty;
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            body = await new StreamReader(c.Request.Body, Encoding.UTF8).ReadToEndAsync();
            await TrackerFaultTests.Answer(c, 200, """[{"id":"77"}]""");
        });
        using var bench = new TrackerBench();

        await bench.Jira(server.Url).AddAttachmentAsync("1", File("../é\"\r\nX-Evil: 1\r\n\r\n--b.png", 3, new CountingStream(3)), TrackerBench.Patience);

        Assert.Contains("filename=\"é'X-Evil_ 1--b.png\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("\nX-Evil", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_LargerThanAsanaTakes_IsRefusedBeforeItIsSent()
    {
        await using var server = await TrackerFaultTests.Server(c => TrackerFaultTests.Answer(c, 200, "{}"));
        using var bench = new TrackerBench();

        var failure = await TrackerFaultTests.Fails(() => bench.Asana(server.Url).AddAttachmentAsync("1", File("big.bin", 101L * 1024 * 1024, Stream.Null), TrackerBench.Patience));

        Assert.Equal(FailureCategory.Rejected, failure.Category);
        Assert.Contains("101 MB", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    internal static NewAttachment File(string name, long size, Stream content) =>
        new() { FileName = name, ContentType = "application/octet-stream", Size = size, OpenAsync = _ => Task.FromResult(content) };

    /// <summary>Bytes out of nothing, so that a large file costs no memory.</summary>
    internal sealed class CountingStream(long length) : Stream
    {
        private long left = length;

        public int LargestRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            LargestRead = Math.Max(LargestRead, count);
            var given = (int)Math.Min(left, count);
            Array.Fill(buffer, (byte)'x', offset, given);
            left -= given;
            return given;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
