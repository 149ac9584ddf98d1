using Exalate.Console.Hosting;
using Exalate.Core.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Auth;

/// <summary>Section <c>Exalate:FirstAdmin</c>: makes the first admin of an empty node without the set-up link. Ignored once there is one.</summary>
public sealed class FirstAdminOptions
{
    public string? Email { get; set; }

    /// <summary>Follows the same rules as on the set-up page. Give it by environment, not on the command line, where other users can read it.</summary>
    public string? Password { get; set; }
}

internal sealed class FirstAdminOptionsValidator : IValidateOptions<FirstAdminOptions>
{
    public ValidateOptionsResult Validate(string? name, FirstAdminOptions options)
    {
        var problems = new List<string>();
        var (hasEmail, hasPassword) = (!string.IsNullOrEmpty(options.Email), !string.IsNullOrEmpty(options.Password));
        if (hasEmail && !EmailForm.IsOne(options.Email))
            problems.Add($"Exalate:FirstAdmin:Email is '{options.Email}', which is not an e-mail address.");
        if (hasEmail && !hasPassword)
            problems.Add($"Exalate:FirstAdmin:Password is empty although Exalate:FirstAdmin:Email is '{options.Email}'.");
        if (hasPassword && !hasEmail)
            problems.Add("Exalate:FirstAdmin:Email is empty although Exalate:FirstAdmin:Password is set.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}

/// <summary>Lets the first admin in: made from the configuration, or invited by a link in the log.</summary>
internal sealed partial class FirstAdmin(
    IServiceScopeFactory scopes,
    IOptions<FirstAdminOptions> options,
    SetupLink setup,
    IServer server,
    ILogger<FirstAdmin> log)
{
    /// <exception cref="StartupException">The configured password is too weak.</exception>
    public async Task MakeFromConfigurationAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var entry = scope.ServiceProvider.GetRequiredService<Entry>();
        if (string.IsNullOrEmpty(options.Value.Email) || await entry.HasAdminAsync(cancellationToken))
            return;
        var made = await entry.CreateAdminAsync(options.Value.Email, options.Value.Password!, onlyAsFirst: true, cancellationToken);
        if (made.Error is { } error)
            throw new StartupException($"The first admin '{options.Value.Email}' can't be made (Exalate:FirstAdmin). {error.Sentence}");
        LogMade(options.Value.Email);
    }

    /// <summary>Once the node listens: prints the link when there is still nobody who could sign in.</summary>
    public async Task InviteAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (!await scope.ServiceProvider.GetRequiredService<Entry>().HasAdminAsync(cancellationToken))
            PrintLink();
    }

    public void PrintLink()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:5080";
        LogLink(ListenAddress.ForBrowser(address) + "/setup?token=" + setup.Issue(), (int)SetupLink.Lifetime.TotalHours);
    }

    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "The first admin {Email} was made from the configuration.")]
    private partial void LogMade(string email);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "This node has no admin yet. Open this link once, within {Hours} hours, to make the first one: {Link}")]
    private partial void LogLink(string link, int hours);
}
