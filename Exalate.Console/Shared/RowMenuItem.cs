namespace Exalate.Console.Shared;

/// <param name="Text">What the menu says. Example: "Sync an entity".</param>
/// <param name="Picked">What happens then.</param>
public sealed record RowMenuItem(string Text, Func<Task> Picked);
