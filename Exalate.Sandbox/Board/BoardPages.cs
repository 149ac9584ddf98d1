using System.Globalization;

namespace Exalate.Sandbox.Board;

/// <summary>The pages of the board. Labels and button names are stable: tests and screen readers find things by them.</summary>
internal static class BoardPages
{
    public const int PageSize = 50;

    public static Markup List(IBoardSource source, BoardList list, string? project, string? words, int page)
    {
        var projects = source.Projects();
        return Markup.Of($"""
            <h1>{Capital(source.EntityWord)}s</h1>
            <form class="filter" method="get" action="/">
            <label>Project
            <select name="project" data-submit>
            {BoardLayout.Option("", "All projects", string.IsNullOrEmpty(project))}
            {Markup.Join(projects.Select(one => BoardLayout.Option(one.Id, one.Name, one.Id == project)))}
            </select></label>
            <label>Search <input type="search" name="q" value="{words}"></label>
            <button class="quiet">Show</button>
            </form>
            <p class="count">{list.Total} {source.EntityWord}{(list.Total == 1 ? "" : "s")}</p>
            {Markup.If(list.Rows.Count > 0, () => Table(list))}
            {Markup.If(list.Rows.Count == 0, () => Markup.Of($"""<p>Nothing here yet. <a href="/new">Create one</a>.</p>"""))}
            {Pager(list, project, words, page)}
            """);
    }

    public static Markup Entity(IBoardSource source, BoardEntity entity, string? problem, string comment)
    {
        var action = $"/board/{entity.Id}";
        return Markup.Of($"""
            <p class="crumb"><a href="/">All {source.EntityWord}s</a> / {entity.Key}</p>
            {BoardLayout.Alert(problem)}
            <h1>{entity.Summary}</h1>
            <dl class="facts">{Markup.Join(entity.Facts.Select(fact => Markup.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>")))}</dl>
            <div class="actions">
            <a class="button" href="{entity.Path}?edit=1">Edit</a>
            <form method="post" action="{action}/delete"><button class="danger">Delete</button></form>
            </div>
            <h2>Description</h2>
            <div class="rich description">{(entity.Description.Html.Length == 0 ? new Markup("<p class=\"none\">None.</p>") : entity.Description)}</div>
            <h2>Attachments</h2>
            {Files(entity, action)}
            <form class="attach" method="post" action="{action}/attach" enctype="multipart/form-data">
            <label>File <input type="file" name="file" required></label>
            <button>Attach</button>
            </form>
            <h2>Comments</h2>
            {Markup.Join(entity.Comments.Select(one => Comment(one, entity.Path)))}
            <form method="post" action="{action}/comment">
            <label for="comment">Comment</label>
            <textarea id="comment" name="comment" rows="3" required>{comment}</textarea>
            <button>Add comment</button>
            </form>
            """);
    }

    public static Markup Missing(IBoardSource source, string key) => Markup.Of($"""
        <h1>Not here</h1>
        <p>There is no {source.EntityWord} <code>{key}</code>; it may have been deleted. <a href="/">All {source.EntityWord}s</a></p>
        """);

    public static Markup Refused(string problem, string back) => Markup.Of($"""
        <h1>That did not work</h1>
        {BoardLayout.Alert(problem)}
        <p><a href="{back}">Back</a></p>
        """);

    internal static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static Markup Table(BoardList list) => Markup.Of($"""
        <table class="rows"><thead><tr><th>Key</th><th>Type</th><th>Summary</th><th>Status</th><th>Updated</th></tr></thead><tbody>
        {Markup.Join(list.Rows.Select(row => Markup.Of($"<tr><td><a href=\"{row.Path}\">{row.Key}</a></td><td>{row.Type}</td><td>{row.Summary}</td><td>{row.Status}</td><td>{row.Updated}</td></tr>\n")))}
        </tbody></table>
        """);

    private static Markup Pager(BoardList list, string? project, string? words, int page)
    {
        var query = $"project={Uri.EscapeDataString(project ?? "")}&q={Uri.EscapeDataString(words ?? "")}";
        return Markup.Of($"""
            <p class="pager">
            {Markup.If(page > 1, () => Markup.Of($"<a href=\"/?{query}&page={page - 1}\">Previous</a>"))}
            {Markup.If(page * PageSize < list.Total, () => Markup.Of($"<a href=\"/?{query}&page={page + 1}\">Next</a>"))}
            </p>
            """);
    }

    private static Markup Files(BoardEntity entity, string action) => entity.Files.Count == 0
        ? new Markup("<p class=\"none\">None.</p>")
        : Markup.Of($"""<ul class="files">{Markup.Join(entity.Files.Select(file => File(file, action)))}</ul>""");

    private static Markup File(BoardFile file, string action) => Markup.Of($"""
        <li><a href="/board/file/{file.Id}">{file.Name}</a>
        <small>{Size(file.Size)}, {file.Type}, {file.Author}, {file.At}</small>
        {Markup.If(file.MayRemove, () => Markup.Of($"<form method=\"post\" action=\"{action}/file/{file.Id}/remove\"><button class=\"quiet\">Remove <span class=\"unseen\">{file.Name}</span></button></form>"))}
        </li>
        """);

    /// <summary>A page of its own: on the entity's page every text stands once.</summary>
    public static Markup ChangeComment(IBoardSource source, BoardEntity entity, BoardComment comment)
    {
        var action = $"/board/{entity.Id}/comment/{comment.Id}";
        return Markup.Of($"""
            <p class="crumb"><a href="/">All {source.EntityWord}s</a> / <a href="{entity.Path}">{entity.Key}</a></p>
            <h1>Change a comment</h1>
            <form class="edit" method="post" action="{action}/edit">
            <label for="comment">New text</label>
            <textarea id="comment" name="comment" rows="5" required>{comment.Markdown}</textarea>
            <button>Update</button> <a href="{entity.Path}">Cancel</a>
            </form>
            <form method="post" action="{action}/remove"><button class="danger">Remove this comment</button></form>
            """);
    }

    private static Markup Comment(BoardComment comment, string path) => Markup.Of($"""
        <article class="comment">
        <p class="by"><strong>{comment.Author}</strong> <small>{comment.At}{(comment.IsEdited ? ", edited" : "")}</small>
        {Markup.If(comment.MayChange, () => Markup.Of($"<a href=\"{path}?comment={comment.Id}\">Change</a>"))}</p>
        <div class="rich">{comment.Body}</div>
        </article>
        """);

    private static string Size(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1_048_576 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_048_576.0:0.#} MB"),
    };
}
