using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Hosting;

/// <summary>Turns what .NET throws at start into sentences for the person at the terminal. What it does not know stays an exception: that is a bug.</summary>
internal static class StartupProblems
{
    public static StartupException? Explain(Exception exception) => exception switch
    {
        StartupException known => known,
        OptionsValidationException invalid => new StartupException([.. invalid.Failures], invalid),
        AggregateException many when many.InnerExceptions.All(e => e is OptionsValidationException) =>
            new StartupException([.. many.InnerExceptions.Cast<OptionsValidationException>().SelectMany(e => e.Failures)], many),
        IOException { InnerException: AddressInUseException } busy =>
            new StartupException($"{Address(busy.Message)} is already in use. Stop the program that listens there, or choose another port.", busy),
        IOException { InnerException: AggregateException } busy when busy.Message.Contains("bind", StringComparison.OrdinalIgnoreCase) =>
            new StartupException($"{Address(busy.Message)} is already in use or not allowed. Stop the program that listens there, or choose another port.", busy),
        SocketException { SocketErrorCode: SocketError.AccessDenied } denied =>
            new StartupException("This user may not listen on the wanted port (ports below 1024 often need more rights). Choose another port with --urls.", denied),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } missing =>
            new StartupException("The address to listen on does not belong to this machine. Check --urls.", missing),
        FormatException { Message: var message } wrong when message.Contains("url", StringComparison.OrdinalIgnoreCase) =>
            new StartupException($"{message.TrimEnd('.')}. Use addresses like 'http://127.0.0.1:5080', separated by ';'.", wrong),
        InvalidOperationException { Message: var message } wrong when message.StartsWith("Unable to configure HTTPS endpoint", StringComparison.Ordinal) =>
            new StartupException("An https:// address needs a certificate. Set Kestrel:Certificates:Default:Path and Kestrel:Certificates:Default:Password.", wrong),
        FileNotFoundException or DirectoryNotFoundException or CryptographicException =>
            new StartupException($"The certificate for HTTPS can't be read: {exception.Message} Check Kestrel:Certificates:Default:Path and :Password.", exception),
        // Says key and value already: "Failed to convert configuration value 'abc' at 'Exalate:Sync:Workers' to type 'System.Int32'."
        InvalidOperationException { Message: var message } wrong when message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
            new StartupException(message, wrong),
        _ => null,
    };

    // Kestrel: "Failed to bind to address http://127.0.0.1:5081: address already in use."
    private static string Address(string message)
    {
        var start = message.IndexOf("http", StringComparison.Ordinal);
        if (start < 0)
            return "The wanted port";
        var end = message.IndexOfAny([' ', '\n'], start);
        return message[start..(end < 0 ? message.Length : end)].TrimEnd(':', '.', ',');
    }
}
