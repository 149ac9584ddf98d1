namespace Exalate.Console.Shared;

public enum IconName
{
    Start,
    Settings,
    Connections,
    Refresh,
    Info,
    Warning,
    Done,
    Waiting,
    Busy,
    More,
    Dark,
    Light,
    SignOut,
    External,
    Menu,
}
