namespace Exalate.Console.Hosting;

/// <summary>
/// Light, dark or what the operating system says. Set in the browser by exalate.js (<c>exalate.setTheme</c>), read when a page is rendered.
/// One cookie for all consoles of a host on purpose: it is the person's taste, not the node's.
/// </summary>
public static class ThemeCookie
{
    public const string Name = "exalate-theme";
    public const string Auto = "auto";
    public const string Light = "light";
    public const string Dark = "dark";
}
