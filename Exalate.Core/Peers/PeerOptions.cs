using Microsoft.Extensions.Options;

namespace Exalate.Core.Peers;

/// <summary>Settings for the traffic between nodes. The host binds the section <c>Peers</c>.</summary>
public sealed class PeerOptions
{
    /// <summary>How long an invitation can be accepted. Default 14 days; 1 minute to 90 days.</summary>
    public TimeSpan InvitationLifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long the handle of a handed-over invitation can be opened. Default 10 minutes; 1 minute to 1 hour.</summary>
    public TimeSpan OfferLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Handed-over invitations kept at once; more are refused. Default 200; 1 to 10,000.</summary>
    public int MaxOffers { get; set; } = 200;

    /// <summary>Largest sync message in bytes, both ways. Default 20 MB; 64 KB to 200 MB.</summary>
    public int MaxMessageBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Largest attachment in bytes, both ways. Default 1 GB; at least 1 MB.</summary>
    public long MaxAttachmentBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Most that attachments on their way may take of the disk together, in each process. One that finds no room is tried again later. Default 4 GB; at least <see cref="MaxAttachmentBytes"/>.</summary>
    public long MaxSpoolBytes { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>How long a call to a partner may take, attachments aside. Default 30 s; 1 s to 5 minutes.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the download of one attachment may take. Default 30 minutes; at least 1 minute.</summary>
    public TimeSpan AttachmentTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a private partner may take to begin sending an attachment that it was asked for; after that it is asked again later. Default 20 s; 1 s to 5 minutes.</summary>
    public TimeSpan FileBeginsWithin { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a question that a person waits for (probe, reading an invitation) may take. Default 10 s; 1 s to 1 minute.</summary>
    public TimeSpan QuestionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Folder for attachments on their way; a folder of the node's own is made in it. Default: the system's temporary folder.</summary>
    public string? SpoolFolder { get; set; }

    /// <summary>Unsigned calls that one remote address may make in a burst. Default 60; 1 to 100,000.</summary>
    public int UnsignedBurst { get; set; } = 60;

    /// <summary>Unsigned calls that one remote address may make per second after that. Default 2; 1 to 10,000.</summary>
    public int UnsignedPerSecond { get; set; } = 2;
}

internal sealed class PeerOptionsValidator : IValidateOptions<PeerOptions>
{
    public ValidateOptionsResult Validate(string? name, PeerOptions options)
    {
        var problems = new List<string>();
        Check(problems, nameof(options.InvitationLifetime), options.InvitationLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(90));
        Check(problems, nameof(options.OfferLifetime), options.OfferLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        Check(problems, nameof(options.MaxOffers), options.MaxOffers, 1, 10_000);
        Check(problems, nameof(options.MaxMessageBytes), options.MaxMessageBytes, 64 * 1024, 200 * 1024 * 1024);
        Check(problems, nameof(options.MaxAttachmentBytes), options.MaxAttachmentBytes, 1024 * 1024, long.MaxValue);
        Check(problems, nameof(options.MaxSpoolBytes), options.MaxSpoolBytes, options.MaxAttachmentBytes, long.MaxValue);
        Check(problems, nameof(options.CallTimeout), options.CallTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        Check(problems, nameof(options.AttachmentTimeout), options.AttachmentTimeout, TimeSpan.FromMinutes(1), TimeSpan.FromHours(24));
        Check(problems, nameof(options.FileBeginsWithin), options.FileBeginsWithin, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        Check(problems, nameof(options.QuestionTimeout), options.QuestionTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Check(problems, nameof(options.UnsignedBurst), options.UnsignedBurst, 1, 100_000);
        Check(problems, nameof(options.UnsignedPerSecond), options.UnsignedPerSecond, 1, 10_000);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void Check<T>(List<string> problems, string key, T value, T low, T high)
        where T : IComparable<T>
    {
        if (value.CompareTo(low) < 0 || value.CompareTo(high) > 0)
        {
            problems.Add($"Peers:{key} is {value}; it must be between {low} and {high}.");
        }
    }
}
