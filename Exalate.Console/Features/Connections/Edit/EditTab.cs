namespace Exalate.Console.Features.Connections.Edit;

/// <summary>The tabs of the edit screen; the chosen one stands in the address.</summary>
public enum EditTab
{
    Scope,
    Rules,
    Statistics,
    Info,
}

public static class EditUrl
{
    /// <summary>An unknown word, or none, is the first tab.</summary>
    public static EditTab Read(string? tab) => Enum.TryParse<EditTab>(tab, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : EditTab.Scope;

    public static string Of(Guid connectionId, EditTab tab = EditTab.Scope) =>
        tab == EditTab.Scope ? $"/connections/{connectionId:D}" : $"/connections/{connectionId:D}?tab={tab.ToString().ToLowerInvariant()}";
}
