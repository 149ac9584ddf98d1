using Exalate.Sandbox.Http;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Asana.Endpoints;

/// <summary>Attachments: multipart in, an address of two minutes out.</summary>
internal sealed class AttachmentEndpoints(AsanaState state, FileDesk desk, long uploadLimit)
{
    public void Map(AsanaRoutes routes)
    {
        routes.Add("POST", "/attachments", UploadAsync);
        routes.Get("/attachments", List);
        routes.Get("/attachments/{attachment}", request => state.Store.Read(() => Answer(request, state.Attachment(request.Route("attachment")))));
        routes.Delete("/attachments/{attachment}", request =>
        {
            desk.Delete(request.Caller, state.Store.Read(() => state.Attachment(request.Route("attachment"))).Id);
            return AsanaRoutes.Empty();
        });
    }

    /// <summary>Serves a download address: no token wanted, only the address itself counts.</summary>
    public async Task DownloadAsync(HttpContext context)
    {
        var parts = (state.Store.Read(() => state.Tokens.Read("file", (string)context.Request.RouteValues["token"]!)) ?? "0:0").Split(':');
        var file = state.Store.Read(() => state.Attachments.Find(long.Parse(parts[0])));
        if (file is null || DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[1])) < state.Time.GetUtcNow())
        {
            context.Response.StatusCode = 403;
            return;
        }

        await Downloads.SendAsync(context, state.Blobs.Open(file.Id), file.ContentType, file.Name);
    }

    private ApiAnswer Answer(AsanaRequest request, AsanaAttachment file) =>
        AsanaRoutes.Data(request.View(state).Attachments.Full(file, request.Fields));

    private ApiAnswer List(AsanaRequest request) => state.Store.Read(() =>
    {
        var gid = request.Query("parent") ?? throw AsanaErrors.MissingInput("parent");
        var parent = state.Tasks.Find(AsanaState.Id(gid))?.Id ?? state.Projects.Find(AsanaState.Id(gid))?.Id ?? throw AsanaErrors.Unknown("parent", gid);
        return AsanaPages.List(request, state, state.AttachmentsOf[parent], file => file.Id, request.View(state).Attachments);
    });

    private async Task<ApiAnswer> UploadAsync(AsanaRequest request)
    {
        using var form = await ReadFormAsync(request);
        var gid = form.Fields.GetValueOrDefault("parent") ?? throw AsanaErrors.MissingInput("parent");
        var parent = state.Store.Read(() => state.Tasks.Find(AsanaState.Id(gid))?.Id ?? state.Projects.Find(AsanaState.Id(gid))?.Id)
            ?? throw AsanaErrors.Unknown("parent", gid);
        AsanaAttachment added;
        if (form.Fields.GetValueOrDefault("resource_subtype") == "external")
        {
            var url = form.Fields.GetValueOrDefault("url") ?? throw AsanaErrors.MissingInput("url");
            added = desk.AddLink(request.Caller, parent, form.Fields.GetValueOrDefault("name") ?? throw AsanaErrors.MissingInput("name"), url);
        }
        else
        {
            // The parts come in any order: Asana's own client sends the file first.
            added = desk.Add(request.Caller, parent, form.Files.Find(file => file.PartName == "file") ?? throw AsanaErrors.MissingInput("file"));
        }

        return state.Store.Read(() => Answer(request, added));
    }

    private async Task<UploadedForm> ReadFormAsync(AsanaRequest request)
    {
        try
        {
            return await UploadedForm.ReadAsync(request.Context, state.Blobs, uploadLimit);
        }
        catch (BlobTooLargeException)
        {
            throw new ApiException(new ApiAnswer(413, AsanaErrors.Body("file: The file is larger than 100 MB")));
        }
        catch (InvalidDataException problem)
        {
            throw AsanaErrors.BadRequest($"Could not parse request data: {problem.Message}");
        }
    }
}
