using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Faults;

/// <summary>Logs API requests and lets ordered failures strike. Board and control paths are left alone.</summary>
internal sealed class FaultMiddleware(TrackerFaults faults, TimeSpan latency, Func<PathString, bool> isApi, Func<HttpContext, string?> callerOf)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!isApi(context.Request.Path))
        {
            await next(context);
            return;
        }

        var request = context.Request;
        var method = request.Method;
        var path = request.Path.Value + request.QueryString.Value;
        var rule = faults.Take(method, path, request.Headers.UserAgent.ToString());
        var started = faults.Time.GetTimestamp();
        var delay = latency + (rule?.Delay ?? TimeSpan.Zero);
        try
        {
            if (delay > TimeSpan.Zero)
                await Task.Delay(delay, faults.Time, context.RequestAborted);
            await StrikeAsync(rule, context, next);
        }
        finally
        {
            faults.Record(method, path, context.Response.StatusCode, faults.Time.GetElapsedTime(started), callerOf(context), rule);
        }
    }

    private static async Task StrikeAsync(FaultRule? rule, HttpContext context, RequestDelegate next)
    {
        if (rule is null || rule is { When: FaultMoment.Before, Abort: false, Status: null })
        {
            await next(context);
            return;
        }

        if (rule.When == FaultMoment.After)
        {
            var wire = context.Response.Body;
            context.Response.Body = new MemoryStream();
            await next(context);
            context.Response.Body = wire;
            context.Response.Clear();
        }

        if (rule.Abort || rule.Status is null)
        {
            context.Abort();
            return;
        }

        foreach (var (name, value) in rule.Headers)
            context.Response.Headers[name] = value;
        await new ApiAnswer(rule.Status.Value, rule.Body?.DeepClone()).SendAsync(context);
    }
}
