using Exalate.Console.Hosting;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Exalate.Console;

/// <summary>The HTML page around everything. Rendered on the server for each full page load, never interactive itself.</summary>
public sealed partial class App
{
    // No prerendering: what a person sees reacts at once. A prerendered button would swallow the first clicks.
    private static readonly InteractiveServerRenderMode Interactive = new(prerender: false);

    [CascadingParameter]
    public required HttpContext HttpContext { get; init; }

    /// <summary>Pages that need the HTTP request itself (sign-in, set-up) opt out with [ExcludeFromInteractiveRouting].</summary>
    private IComponentRenderMode? PageMode => HttpContext.AcceptsInteractiveRouting() ? Interactive : null;

    private string Theme => HttpContext.Request.Cookies[ThemeCookie.Name] switch
    {
        ThemeCookie.Light => ThemeCookie.Light,
        ThemeCookie.Dark => ThemeCookie.Dark,
        _ => ThemeCookie.Auto,
    };

    private string ColorScheme => Theme == ThemeCookie.Auto ? "light dark" : Theme;

    private string LightMedia => Theme switch
    {
        ThemeCookie.Light => "all",
        ThemeCookie.Dark => "not all",
        _ => "(prefers-color-scheme: light)",
    };

    private string DarkMedia => Theme switch
    {
        ThemeCookie.Dark => "all",
        ThemeCookie.Light => "not all",
        _ => "(prefers-color-scheme: dark)",
    };
}
