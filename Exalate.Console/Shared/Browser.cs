using Microsoft.JSInterop;

namespace Exalate.Console.Shared;

/// <summary>
/// What the console asks of the person's browser (wwwroot/exalate.js). Nothing of it is worth an error: a browser that went away
/// meanwhile answers nothing, and every feature works without the nicety.
/// </summary>
public sealed class Browser(IJSRuntime js)
{
    /// <summary>Keeps the keyboard inside the dialog and remembers where it came from.</summary>
    public Task OpenDialogAsync(string dialogId) => CallAsync("exalate.openDialog", dialogId);

    /// <summary>Gives the keyboard back to where it came from.</summary>
    public Task CloseDialogAsync(string dialogId) => CallAsync("exalate.closeDialog", dialogId);

    /// <summary>Puts the keyboard on the first thing to fill in or press.</summary>
    public Task FocusFirstAsync(string containerId) => CallAsync("exalate.focusFirst", containerId);

    public Task FocusAsync(string elementId) => CallAsync("exalate.focus", elementId);

    /// <summary>Whether the last press of a copy button reached the clipboard. The copying itself happens in the click, where browsers allow it.</summary>
    public Task<bool> WasCopiedAsync() => AskAsync<bool>("exalate.wasCopied");

    /// <summary>The reader's IANA time zone. Example: "Europe/Berlin".</summary>
    public Task<string?> TimeZoneAsync() => AskAsync<string?>("exalate.timeZone");

    /// <summary>True where dark is on, by choice or by the operating system.</summary>
    public Task<bool> IsDarkAsync() => AskAsync<bool>("exalate.isDark");

    /// <param name="theme">"light", "dark" or "auto".</param>
    public Task SetThemeAsync(string theme) => CallAsync("exalate.setTheme", theme);

    /// <summary>Keeps what is being entered in this browser tab, so that a reload or a restarted node does not lose it.</summary>
    public Task KeepDraftAsync(string key, string json) => CallAsync("exalate.keepDraft", key, json);

    public Task<string?> ReadDraftAsync(string key) => AskAsync<string?>("exalate.readDraft", key);

    public Task DropDraftAsync(string key) => CallAsync("exalate.dropDraft", key);

    private async Task CallAsync(string function, params object?[] arguments)
    {
        try
        {
            await js.InvokeVoidAsync(function, arguments);
        }
        catch (Exception exception) when (IsBrowserGone(exception))
        {
            // See the summary: there is nobody to tell.
        }
    }

    private async Task<T?> AskAsync<T>(string function, params object?[] arguments)
    {
        try
        {
            return await js.InvokeAsync<T>(function, arguments);
        }
        catch (Exception exception) when (IsBrowserGone(exception))
        {
            return default;
        }
    }

    private static bool IsBrowserGone(Exception exception) =>
        exception is JSDisconnectedException or JSException or OperationCanceledException or ObjectDisposedException;
}
