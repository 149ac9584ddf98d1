using Exalate.Core.Storage;

namespace Exalate.Console.Hosting;

/// <summary>The one place where an exception of a request ends: all of it in the log, nothing of it in the answer.</summary>
internal sealed partial class UnhandledErrors(RequestDelegate next, StorageHealth storage, ILogger<UnhandledErrors> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = e.StatusCode;
        }
        catch (Exception e) when (!context.Response.HasStarted && storage.Notice(e))
        {
            // Not acknowledged: a partner or a tracker repeats it when there is space again.
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "10";
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            // The path alone: the query may carry a token.
            LogFailed(e, context.Request.Method, context.Request.Path, context.TraceIdentifier);
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync($"Something went wrong in this node. Its log says what, under the number {context.TraceIdentifier}. Try again.");
        }
    }

    [LoggerMessage(EventId = 1020, Level = LogLevel.Error, Message = "{Method} {Path} failed ({TraceId})")]
    private partial void LogFailed(Exception exception, string method, string path, string traceId);
}
