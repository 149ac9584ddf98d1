namespace Exalate.Console.Shared;

public enum ButtonLook
{
    Plain,
    Primary,
    Danger,
    Text,
}
