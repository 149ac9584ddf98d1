using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Board;

/// <summary>The board's paths.</summary>
internal sealed class BoardEndpoints(IBoardSource source)
{
    private readonly string cookie = $"exalate-sandbox-{source.EntityWord}-person";

    /// <param name="entityPaths">Where links for people point to; the parameter <c>entity</c> names it.</param>
    public void Map(IEndpointRouteBuilder routes, params IEnumerable<string> entityPaths)
    {
        routes.MapGet("/", ListAsync);
        routes.MapGet("/new", NewAsync);
        foreach (var path in entityPaths)
            routes.MapGet(path, EntityAsync);
        routes.MapGet("/board/board.css", context => AssetAsync(context, "board.css", "text/css; charset=utf-8"));
        routes.MapGet("/board/board.js", context => AssetAsync(context, "board.js", "text/javascript; charset=utf-8"));
        routes.MapGet("/board/version", context => context.Response.WriteAsync(source.Store.Version.ToString(), context.RequestAborted));
        routes.MapGet("/board/file/{file}", FileAsync);
        routes.MapPost("/board/act", ActAsync);
        routes.MapPost("/board/create", CreateAsync);
        routes.MapPost("/board/{id}/edit", EditAsync);
        routes.MapPost("/board/{id}/attach", AttachAsync);
        Change(routes, "delete", (person, id, _, _) => source.Delete(person, id), _ => "/");
        Change(routes, "comment", (person, id, _, form) => source.AddComment(person, id, form["comment"].ToString()), null);
        Change(routes, "comment/{part}/edit", (person, _, part, form) => source.EditComment(person, part, form["comment"].ToString()), null);
        Change(routes, "comment/{part}/remove", (person, _, part, _) => source.DeleteComment(person, part), null);
        Change(routes, "file/{part}/remove", (person, _, part, _) => source.RemoveFile(person, part), null);
    }

    private Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var (project, words) = (query["project"].ToString(), query["q"].ToString());
        var page = int.TryParse(query["page"], out var number) ? Math.Max(1, number) : 1;
        return SendAsync(context, source.Product, 200, () => BoardPages.List(
            source, source.List(project, words, (page - 1) * BoardPages.PageSize, BoardPages.PageSize), project, words, page));
    }

    private Task NewAsync(HttpContext context) => SendAsync(context, "New " + source.EntityWord, 200, () => BoardForms.Create(
        source, context.Request.Query["project"], null, new BoardInput("", "", new Dictionary<string, string>()), null), isLive: false);

    private Task EntityAsync(HttpContext context)
    {
        var key = (string)context.Request.RouteValues["entity"]!;
        if (source.Find(key, PersonOf(context)) is not { } entity)
            return SendAsync(context, key, 404, () => BoardPages.Missing(source, key));
        if (entity.Comments.FirstOrDefault(one => one.MayChange && one.Id == context.Request.Query["comment"]) is { } comment)
            return SendAsync(context, "Change a comment", 200, () => BoardPages.ChangeComment(source, entity, comment), isLive: false);
        return context.Request.Query.ContainsKey("edit")
            ? SendAsync(context, "Edit " + entity.Key, 200, () => BoardForms.Edit(source, entity, InputOf(entity), null), isLive: false)
            : SendAsync(context, entity.Key, 200, () => BoardPages.Entity(source, entity, null, ""));
    }

    private async Task ActAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        context.Response.Cookies.Append(cookie, form["person"].ToString(), new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict });
        var back = form["return"].ToString();
        See(context, back.StartsWith('/') && !back.StartsWith("//", StringComparison.Ordinal) ? back : "/");
    }

    private async Task CreateAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var input = Input(form);
        try
        {
            See(context, source.Create(PersonOf(context), form["project"].ToString(), form["type"].ToString(), input));
        }
        catch (ApiException refusal)
        {
            await SendAsync(context, "New " + source.EntityWord, 400, () => BoardForms.Create(
                source, form["project"], form["type"], input, Words(refusal)), isLive: false);
        }
    }

    private async Task EditAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var id = (string)context.Request.RouteValues["id"]!;
        var input = Input(form);
        if (source.Find(id, PersonOf(context)) is not { } entity)
        {
            await SendAsync(context, id, 404, () => BoardPages.Missing(source, id));
            return;
        }

        try
        {
            source.Edit(PersonOf(context), id, input);
            See(context, entity.Path);
        }
        catch (ApiException refusal)
        {
            await SendAsync(context, "Edit " + entity.Key, 400, () => BoardForms.Edit(source, entity, input, Words(refusal)), isLive: false);
        }
    }

    private async Task AttachAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        try
        {
            using var form = await UploadedForm.ReadAsync(context, source.Blobs, source.UploadLimit);
            if (form.Files.Find(file => file.PartName == "file") is { } file)
                source.Attach(PersonOf(context), id, file);
            See(context, source.Find(id, PersonOf(context))?.Path ?? "/");
        }
        catch (BlobTooLargeException)
        {
            await SendAsync(context, id, 413, () => BoardPages.Refused("The file is larger than this tracker takes.", source.Find(id, PersonOf(context))?.Path ?? "/"));
        }
        catch (ApiException refusal)
        {
            await SendAsync(context, id, 400, () => BoardPages.Refused(Words(refusal), source.Find(id, PersonOf(context))?.Path ?? "/"));
        }
    }

    /// <param name="then">Where to go afterwards; null: the entity's page.</param>
    private void Change(IEndpointRouteBuilder routes, string path, Action<string, string, string, IFormCollection> change, Func<string, string>? then) =>
        routes.MapPost("/board/{id}/" + path, async context =>
        {
            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
            var id = (string)context.Request.RouteValues["id"]!;
            var person = PersonOf(context);
            try
            {
                change(person, id, context.Request.RouteValues["part"] as string ?? "", form);
                See(context, then?.Invoke(id) ?? source.Find(id, person)?.Path ?? "/");
            }
            catch (ApiException refusal)
            {
                if (source.Find(id, person) is { } entity)
                    await SendAsync(context, entity.Key, 400, () => BoardPages.Entity(source, entity, Words(refusal), form["comment"].ToString()));
                else
                    await SendAsync(context, id, 404, () => BoardPages.Missing(source, id));
            }
        });

    private async Task FileAsync(HttpContext context)
    {
        if (source.OpenFile((string)context.Request.RouteValues["file"]!) is not { } file)
        {
            context.Response.StatusCode = 404;
            return;
        }

        await Downloads.SendAsync(context, file.Content, file.Type, file.Name);
    }

    private static async Task AssetAsync(HttpContext context, string name, string type)
    {
        await using var asset = typeof(BoardEndpoints).Assembly.GetManifestResourceStream("Exalate.Sandbox.Board.Assets." + name)!;
        context.Response.ContentType = type;
        await asset.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private async Task SendAsync(HttpContext context, string title, int status, Func<Markup> main, bool isLive = true)
    {
        // The version before the content: a change in between shows one refresh too many, never one too few.
        var version = source.Store.Version;
        var visit = new BoardVisit(source, source.People(), PersonOf(context), context.Request.Path + context.Request.QueryString);
        if (!HttpMethods.IsGet(context.Request.Method))
            (visit, isLive) = (visit with { Path = "/" }, false);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(BoardLayout.Page(visit, title, main(), isLive, version).Html, context.RequestAborted);
    }

    private string PersonOf(HttpContext context)
    {
        var people = source.People();
        var chosen = context.Request.Cookies[cookie];
        return (people.FirstOrDefault(person => person.Id == chosen) ?? people[0]).Id;
    }

    private static BoardInput Input(IFormCollection form) => new(
        form["summary"].ToString(),
        form["description"].ToString().ReplaceLineEndings("\n"),
        form.ToDictionary(field => field.Key, field => field.Value.ToString()));

    private static BoardInput InputOf(BoardEntity entity) =>
        new(entity.Summary, entity.Markdown, entity.Choices.ToDictionary(choice => choice.Name, choice => choice.Value));

    private static void See(HttpContext context, string path)
    {
        context.Response.StatusCode = 303;
        context.Response.Headers.Location = path;
    }

    /// <summary>The tracker's own words out of its error body.</summary>
    private static string Words(ApiException refusal)
    {
        var body = refusal.Answer.Body;
        var words = (body.Get("errorMessages") as JsonArray ?? []).Select(one => one.Text())
            .Concat((body.Get("errors") as JsonObject ?? []).Select(one => $"{one.Key}: {one.Value.Text()}"))
            .Concat((body.Get("errors") as JsonArray ?? []).Select(one => one.Get("message").Text()));
        return string.Join(" ", words);
    }
}
