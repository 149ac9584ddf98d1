namespace Exalate.Sandbox.Board;

/// <summary>The forms to create and to edit.</summary>
internal static class BoardForms
{
    public static Markup Create(IBoardSource source, string? project, string? type, BoardInput input, string? problem)
    {
        var projects = source.Projects();
        var chosen = projects.FirstOrDefault(one => one.Id == project) ?? projects[0];
        return Markup.Of($"""
            <h1>New {source.EntityWord}</h1>
            {BoardLayout.Alert(problem)}
            <form class="edit" method="post" action="/board/create">
            <label for="project">Project</label>
            <select id="project" name="project" data-types>
            {Markup.Join(projects.Select(one => Project(one, one.Id == chosen.Id)))}
            </select>
            <label for="type">Type</label>
            <select id="type" name="type">
            {Markup.Join(chosen.Types.Select(one => BoardLayout.Option(one, one, one == (type ?? "Task"))))}
            </select>
            {Texts(input)}
            <button>Create</button>
            </form>
            """);
    }

    public static Markup Edit(IBoardSource source, BoardEntity entity, BoardInput input, string? problem) => Markup.Of($"""
        <p class="crumb"><a href="/">All {source.EntityWord}s</a> / <a href="{entity.Path}">{entity.Key}</a></p>
        <h1>Edit {entity.Key}</h1>
        {BoardLayout.Alert(problem)}
        <form class="edit" method="post" action="/board/{entity.Id}/edit">
        {Markup.Join(entity.Choices.Select(choice => Choice(choice, input)))}
        {Texts(input)}
        <button>Save</button> <a href="{entity.Path}">Cancel</a>
        </form>
        """);

    private static Markup Project(BoardProject project, bool selected)
    {
        var types = string.Join('|', project.Types);
        return selected
            ? Markup.Of($"""<option value="{project.Id}" data-types="{types}" selected>{project.Name}</option>""")
            : Markup.Of($"""<option value="{project.Id}" data-types="{types}">{project.Name}</option>""");
    }

    private static Markup Choice(BoardChoice choice, BoardInput input)
    {
        var value = input.Choices.GetValueOrDefault(choice.Name) ?? choice.Value;
        return Markup.Of($"""
            <label for="{choice.Name}">{choice.Label}</label>
            <select id="{choice.Name}" name="{choice.Name}">
            {Markup.Join(choice.Options.Select(option => BoardLayout.Option(option.Value, option.Text, option.Value == value)))}
            </select>
            """);
    }

    private static Markup Texts(BoardInput input) => Markup.Of($"""
        <label for="summary">Summary</label>
        <input id="summary" name="summary" value="{input.Summary}" required>
        <label for="description">Description</label>
        <textarea id="description" name="description" rows="12" aria-describedby="hint">{input.Markdown}</textarea>
        <p id="hint" class="hint">Markdown: **bold**, *italic*, `code`, # heading, - list, 1. list, [link](https://example.com)</p>
        """);
}
