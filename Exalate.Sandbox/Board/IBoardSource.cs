using Exalate.Sandbox.Http;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Board;

internal sealed record BoardPerson(string Id, string Name);

internal sealed record BoardProject(string Id, string Name, IReadOnlyList<string> Types);

/// <param name="Path">Its page on the board.</param>
internal sealed record BoardRow(string Path, string Key, string Type, string Summary, string Status, string Updated);

/// <param name="Total">Of everything that fits, not of the page.</param>
internal sealed record BoardList(IReadOnlyList<BoardRow> Rows, int Total);

/// <param name="MayChange">Whether the person who looks may edit and remove it.</param>
internal sealed record BoardComment(string Id, string Author, string At, bool IsEdited, Markup Body, string Markdown, bool MayChange);

internal sealed record BoardFile(string Id, string Name, string Type, long Size, string Author, string At, bool MayRemove);

/// <summary>A field that is chosen from a list when an entity is edited.</summary>
/// <param name="Options">Value and what a person reads.</param>
internal sealed record BoardChoice(string Name, string Label, string Value, IReadOnlyList<(string Value, string Text)> Options);

internal sealed record BoardEntity
{
    /// <summary>Never changes.</summary>
    public required string Id { get; init; }

    public required string Path { get; init; }

    public required string Key { get; init; }

    public required string Summary { get; init; }

    public required Markup Description { get; init; }

    /// <summary>The description as its text box shows it.</summary>
    public required string Markdown { get; init; }

    /// <summary>Facts under the title: name and value.</summary>
    public required IReadOnlyList<(string Name, string Value)> Facts { get; init; }

    public required IReadOnlyList<BoardChoice> Choices { get; init; }

    public required IReadOnlyList<BoardComment> Comments { get; init; }

    public required IReadOnlyList<BoardFile> Files { get; init; }
}

/// <summary>What somebody typed into a form.</summary>
internal sealed record BoardInput(string Summary, string Markdown, IReadOnlyDictionary<string, string> Choices);

/// <summary>The board sees a tracker through this; every change goes the same way as one by the API.</summary>
internal interface IBoardSource
{
    /// <summary>Example: "Jira Cloud".</summary>
    string Product { get; }

    /// <summary>Example: "issue".</summary>
    string EntityWord { get; }

    /// <summary>Rises with every change.</summary>
    StateStore Store { get; }

    BlobFolder Blobs { get; }

    long UploadLimit { get; }

    /// <summary>Whom one may act as: everybody but the integration account.</summary>
    IReadOnlyList<BoardPerson> People();

    IReadOnlyList<BoardProject> Projects();

    BoardList List(string? project, string? words, int skip, int take);

    /// <summary>By id or key; null when there is none.</summary>
    BoardEntity? Find(string idOrKey, string person);

    /// <summary>Returns the path of the new entity's page.</summary>
    string Create(string person, string project, string type, BoardInput input);

    void Edit(string person, string id, BoardInput input);

    void Delete(string person, string id);

    void AddComment(string person, string id, string markdown);

    void EditComment(string person, string commentId, string markdown);

    void DeleteComment(string person, string commentId);

    void Attach(string person, string id, UploadedFile file);

    void RemoveFile(string person, string fileId);

    /// <summary>Name, media type and bytes; null when there is none.</summary>
    (string Name, string Type, Stream Content)? OpenFile(string fileId);
}
