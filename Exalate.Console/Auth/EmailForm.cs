using System.Net.Mail;
using Exalate.Core.Access;

namespace Exalate.Console.Auth;

internal static class EmailForm
{
    public static bool IsOne(string? text) =>
        text is { Length: > 2 and <= AdminUser.MaxEmailLength } && MailAddress.TryCreate(text, out var address) && address.Address == text;
}
