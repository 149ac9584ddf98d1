using Exalate.Core.Peers;
using Microsoft.AspNetCore.Http.Features;

namespace Exalate.Console.Endpoints;

/// <summary>
/// The node-to-node protocol, <c>/peer/v1</c> (docs/peer-protocol.md). Open to everybody as far as sign-in goes: what is unsigned is limited in rate, the rest is refused without
/// a signature. All decisions are the core's; here bytes are carried in and out.
/// </summary>
public static class PeerEndpoints
{
    public static IEndpointRouteBuilder MapPeerEndpoints(this IEndpointRouteBuilder routes)
    {
        var peer = routes.MapGroup("/peer/v1").AllowAnonymous().DisableAntiforgery();
        peer.MapGet("/about", (HttpContext http, IPeerIntroductions nodes) => Unsigned(http, nodes, (_, cancel) => nodes.AboutAsync(cancel)));
        peer.MapPost("/invitations/inspect", (HttpContext http, IPeerIntroductions nodes) => Unsigned(http, nodes, nodes.InspectAsync));
        peer.MapPost("/invitations/accept", (HttpContext http, IPeerIntroductions nodes) => Unsigned(http, nodes, nodes.AcceptAsync));
        peer.MapPost("/invitations/register", (HttpContext http, IPeerIntroductions nodes) => Unsigned(http, nodes, nodes.RegisterAsync));
        peer.MapPost("/offers", (HttpContext http, IPeerIntroductions nodes) => Unsigned(http, nodes, nodes.TakeOfferAsync));
        peer.MapPost("/connections/{linkId}/requests", (HttpContext http, IPeerTraffic traffic) => Signed(http, traffic.TakeRequestAsync));
        peer.MapPost("/connections/{linkId}/results", (HttpContext http, IPeerTraffic traffic) => Signed(http, traffic.TakeResultAsync));
        peer.MapPost("/connections/{linkId}/notices", (HttpContext http, IPeerTraffic traffic) => Signed(http, traffic.TakeNoticeAsync));
        peer.MapGet("/connections/{linkId}/entities/{entityId}/attachments/{attachmentId}", (HttpContext http, IPeerTraffic traffic) => Signed(http, traffic.GiveAttachmentAsync));
        // A call that waits for mail must not hold up the node's stop.
        peer.MapPost("/connections/{linkId}/mail", (HttpContext http, IPeerTraffic traffic, IHostApplicationLifetime node) =>
            Signed(http, (call, cancel) => traffic.GiveMailAsync(call, node.ApplicationStopping, cancel)));
        peer.MapPut("/connections/{linkId}/files/{want}", (HttpContext http, IPeerTraffic traffic) => Signed(http, traffic.TakeFileAsync));
        peer.MapPost("/connections/{linkId}/recall", (HttpContext http, IPeerTraffic traffic) => Signed(http, traffic.GiveRecallAsync));
        peer.MapPost("/connections/{linkId}/recalls/{want}", (HttpContext http, IPeerTraffic traffic) => Signed(http, traffic.TakeRecalledAsync));
        peer.MapPost("/connections/{linkId}/pulse", (HttpContext http, IPeerTraffic traffic) => Signed(http, traffic.TakePulseAsync));
        return routes;
    }

    private static async Task Signed(HttpContext http, Func<PeerCall, CancellationToken, Task<PeerReply>> ask)
    {
        await using var reply = await ask(Read(http), http.RequestAborted);
        await WriteAsync(http, reply);
    }

    private static async Task Unsigned(HttpContext http, IPeerIntroductions nodes, Func<PeerCall, CancellationToken, Task<PeerReply>> ask)
    {
        var call = Read(http);
        await using var reply = nodes.PauseFor(call.RemoteAddress) is { } pause ? nodes.TooMany(pause) : await ask(call, http.RequestAborted);
        await WriteAsync(http, reply);
    }

    private static PeerCall Read(HttpContext http)
    {
        // The core counts what it reads; the server's own limit would cut off before the refusal could be sent.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        return new PeerCall
        {
            Method = http.Request.Method,
            PathAndQuery = RawTarget(http),
            Headers = http.Request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value.ToArray()), StringComparer.OrdinalIgnoreCase),
            Body = http.Request.Body,
            RemoteAddress = http.Connection.RemoteIpAddress?.ToString(),
        };
    }

    /// <summary>As it came over the wire: signatures are over the escaped path, which <c>Request.Path</c> is not.</summary>
    private static string RawTarget(HttpContext http)
    {
        var raw = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        return raw.StartsWith('/') ? raw : Uri.TryCreate(raw, UriKind.Absolute, out var absolute) ? absolute.PathAndQuery : raw;
    }

    private static async Task WriteAsync(HttpContext http, PeerReply reply)
    {
        var response = http.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        response.ContentLength = reply.File?.Length ?? reply.Body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers[name] = value;
        }

        if (reply.File is { } file)
        {
            // A partner's file is never shown by a browser that finds the address.
            response.Headers.ContentDisposition = "attachment";
            await file.CopyToAsync(response.Body, http.RequestAborted);
        }
        else
        {
            await response.Body.WriteAsync(reply.Body, http.RequestAborted);
        }
    }
}
