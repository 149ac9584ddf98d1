namespace Exalate.Console.Shared;

public enum IconName
{
    Start,
    Settings,
    Connections,
    Entities,
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
