namespace Exalate.Sandbox.Board;

/// <summary>Who looks at which page.</summary>
internal sealed record BoardVisit(IBoardSource Source, IReadOnlyList<BoardPerson> People, string Person, string Path);

/// <summary>The frame around every page.</summary>
internal static class BoardLayout
{
    /// <param name="isLive">Whether the page brings itself up to date while nobody types.</param>
    public static Markup Page(BoardVisit visit, string title, Markup main, bool isLive, long version)
    {
        var live = isLive ? version.ToString() : "";
        return Markup.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title} - {visit.Source.Product} sandbox</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="/board/board.css">
            <script src="/board/board.js" defer></script>
            </head>
            <body>
            <header>
            <a class="brand" href="/">{visit.Source.Product} <span>sandbox</span></a>
            <nav><a href="/new">New {visit.Source.EntityWord}</a></nav>
            {Person(visit)}
            </header>
            <main data-version="{live}">
            {main}
            </main>
            <footer>An emulation on this machine, for trying things out. Not the real {visit.Source.Product}.</footer>
            </body>
            </html>
            """);
    }

    public static Markup Alert(string? problem) =>
        Markup.If(!string.IsNullOrEmpty(problem), () => Markup.Of($"""<p class="alert" role="alert">{problem}</p>"""));

    private static Markup Person(BoardVisit visit) => Markup.Of($"""
        <form class="person" method="post" action="/board/act">
        <input type="hidden" name="return" value="{visit.Path}">
        <label for="person">Acting as</label>
        <select id="person" name="person" data-submit>
        {Markup.Join(visit.People.Select(person => Option(person.Id, person.Name, person.Id == visit.Person)))}
        </select>
        <button class="quiet">Switch</button>
        </form>
        """);

    public static Markup Option(string value, string text, bool selected) => selected
        ? Markup.Of($"""<option value="{value}" selected>{text}</option>""")
        : Markup.Of($"""<option value="{value}">{text}</option>""");
}
