using Exalate.Core.Trackers;
using MediatR;

namespace Exalate.Core.Settings;

internal sealed class TestTrackerHandler(NodeSettingsStore store, ITrackerFactory trackers, ISecretProtector secrets) : IRequestHandler<TestTracker, Result<TrackerTestView>>
{
    public async Task<Result<TrackerTestView>> Handle(TestTracker request, CancellationToken cancellationToken)
    {
        var form = SettingsRules.Check(new SaveNodeSettings
        {
            Revision = 0,
            TrackerKind = request.Kind,
            TrackerUrl = request.Url,
            TrackerAccountName = request.AccountName,
            TrackerToken = request.Token,
        });
        if (!form.IsSuccess)
        {
            return form.Error is Invalid invalid ? invalid with { Field = OwnField(invalid.Field) } : form.Error;
        }

        if (form.Value is not { TrackerUrl: { } url, TrackerKind: { } kind })
        {
            return new Invalid("Enter the tracker's address.", nameof(request.Url));
        }

        if (trackers.Describe(kind) is { NeedsAccountName: true, ProductName: var product } && form.Value.TrackerAccountName is null)
        {
            return new Invalid($"Enter the account name (e-mail) that belongs to the {product} token.", nameof(request.AccountName));
        }

        var token = form.Value.TrackerToken is { } entered ? entered : await StoredTokenAsync(kind, url, cancellationToken);
        return token.IsSuccess ? await TryAsync(new TrackerAccess(kind, new Uri(url), form.Value.TrackerAccountName, token.Value), cancellationToken) : token.Error;
    }

    private async Task<Result<string>> StoredTokenAsync(TrackerKind kind, string url, CancellationToken cancellationToken)
    {
        var settings = await store.ReadAsync(cancellationToken);
        if (settings.ProtectedTrackerToken is not { } stored)
        {
            return new Invalid("Enter the token.", nameof(TestTracker.Token));
        }

        if (settings.TrackerKind != kind || settings.TrackerUrl != url)
        {
            // Else a stolen session could have the stored token sent to an address of its choice.
            return new Invalid($"Enter the token as well: the stored one belongs to {settings.TrackerUrl} and is not sent to another address.", nameof(TestTracker.Token));
        }

        try
        {
            return secrets.Unprotect(stored);
        }
        catch (SecretUnreadableException e)
        {
            return new Invalid($"The stored token can't be read. {e.Message} Enter it again.", nameof(TestTracker.Token));
        }
    }

    private async Task<Result<TrackerTestView>> TryAsync(TrackerAccess access, CancellationToken cancellationToken)
    {
        try
        {
            var tracker = trackers.Create(access);
            var account = await tracker.GetAccountAsync(cancellationToken);
            return new TrackerTestView(account.Name, tracker.InstanceUrl);
        }
        catch (TrackerException e)
        {
            return e.Category switch
            {
                FailureCategory.Unauthorized => new Invalid(e.Message, nameof(TestTracker.Token)),
                FailureCategory.Misconfigured => new Invalid(e.Message, nameof(TestTracker.Url)),
                _ => new Unavailable(e.Message),
            };
        }
    }

    private static string? OwnField(string? field) => field switch
    {
        nameof(SaveNodeSettings.TrackerKind) => nameof(TestTracker.Kind),
        nameof(SaveNodeSettings.TrackerUrl) => nameof(TestTracker.Url),
        nameof(SaveNodeSettings.TrackerAccountName) => nameof(TestTracker.AccountName),
        nameof(SaveNodeSettings.TrackerToken) => nameof(TestTracker.Token),
        _ => field,
    };
}
