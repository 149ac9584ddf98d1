using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Jira.Endpoints;

/// <summary>Attachments: multipart in, a redirect to the media service out.</summary>
internal sealed class AttachmentEndpoints(JiraState state, AttachmentDesk desk, long uploadLimit)
{
    private const int MaxFiles = 60;

    public void Map(JiraRoutes routes)
    {
        routes.MapAsync("POST", "/rest/api/3/issue/{issue}/attachments", UploadAsync);
        routes.Get("/attachment/meta", _ => new ApiAnswer(200, new JsonObject { ["enabled"] = true, ["uploadLimit"] = uploadLimit }));
        routes.Get("/attachment/{id}", request => state.Store.Read(() => new ApiAnswer(200, Metadata(request, Find(request)))));
        routes.Get("/attachment/content/{id}", Content);
        routes.Delete("/attachment/{id}", request =>
        {
            var caller = request.RequireCaller();
            desk.Delete(caller, state.Store.Read(() => Find(request)).Id);
            return new ApiAnswer(204);
        });
        routes.Map("GET", "/_media/file/{media}/binary", Media);
    }

    private async Task<ApiAnswer> UploadAsync(JiraRequest request)
    {
        if (request.Context.Request.Headers["X-Atlassian-Token"] != "no-check")
            throw JiraErrors.Message(403, "XSRF check failed");
        var caller = request.RequireCaller();
        state.Store.Read(() => IssueEndpoints.Find(state, request));
        using var form = await ReadFormAsync(request);
        var files = form.Files.Where(file => file.PartName == "file").ToList();
        if (files.Count == 0)
            throw JiraErrors.Message(400, "The request has no part named 'file'.");
        if (files.Count > MaxFiles)
            throw JiraErrors.Message(413, $"No more than {MaxFiles} files can be attached at once.");
        var added = desk.Add(caller, () => IssueEndpoints.Find(state, request), files);
        return state.Store.Read(() => new ApiAnswer(200, added.Select(request.View(state).Attachment).ToJson()));
    }

    private async Task<UploadedForm> ReadFormAsync(JiraRequest request)
    {
        try
        {
            return await UploadedForm.ReadAsync(request.Context, state.Blobs, uploadLimit);
        }
        catch (BlobTooLargeException)
        {
            throw JiraErrors.Message(413, $"The file is larger than the limit of {uploadLimit} bytes.");
        }
        catch (InvalidDataException problem)
        {
            throw JiraErrors.Problem(415, "Unsupported Media Type", problem.Message, request.Context.Request.Path);
        }
    }

    /// <summary>Here, unlike inside an issue, the id is a number.</summary>
    private JsonObject Metadata(JiraRequest request, JiraAttachment file)
    {
        var json = request.View(state).Attachment(file);
        json["id"] = file.Id;
        json["properties"] = new JsonObject();
        return json;
    }

    private ApiAnswer Content(JiraRequest request)
    {
        var file = state.Store.Read(() => Find(request));
        if (request.QueryFlag("redirect", true))
        {
            return new ApiAnswer(303)
            {
                Custom = context =>
                {
                    context.Response.StatusCode = 303;
                    context.Response.Headers.Location = $"{request.BaseUrl}/_media/file/{file.MediaId}/binary";
                    return Task.CompletedTask;
                },
            };
        }

        return Stream(file);
    }

    /// <summary>The media service: its address is the permission, a token is not wanted.</summary>
    private ApiAnswer Media(JiraRequest request) => Stream(state.Store.Read(() =>
        state.Attachments.All.FirstOrDefault(file => file.MediaId == request.Route("media"))
        ?? throw JiraErrors.Problem(404, "Not Found", "No such file.", request.Context.Request.Path)));

    private ApiAnswer Stream(JiraAttachment file) => new(200)
    {
        Custom = context => Downloads.SendAsync(context, state.Blobs.Open(file.Id), file.MimeType, file.FileName),
    };

    private JiraAttachment Find(JiraRequest request)
    {
        var id = request.Route("id");
        return (request.Caller is not null && long.TryParse(id, out var number) ? state.Attachments.Find(number) : null)
            ?? throw JiraErrors.AttachmentNotFound(id);
    }
}
