using Exalate.Core.Connections;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exalate.Core.Peers.Mail;

/// <summary>A message that waits until a partner that can't be called asks for it. Gone when the partner has said that it is durable over there.</summary>
public sealed class PeerMail
{
    /// <summary>The order in which it is given out.</summary>
    public long Id { get; init; }

    public required Guid ConnectionId { get; init; }

    /// <summary>One of <see cref="MailKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>One message of a kind for one key: a later one takes the place of one that was not fetched. Example: an event id.</summary>
    public required string Key { get; init; }

    /// <summary>JSON, as it would have been posted.</summary>
    public required string Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a mail can be. Readers refuse a kind that they do not know, with a sentence.</summary>
internal static class MailKinds
{
    /// <summary>A <see cref="SyncRequestMessage"/>; its key is the event id.</summary>
    public const string Request = "request";

    /// <summary>A <see cref="SyncResultMessage"/>; its key is the event id.</summary>
    public const string Result = "result";

    /// <summary>A <see cref="FileWanted"/>.</summary>
    public const string File = "file";

    /// <summary>A <see cref="NoticeMessage"/>; its key is the number.</summary>
    public const string Notice = "notice";

    /// <summary>A <see cref="RecallWanted"/>; its key is the name of the answer.</summary>
    public const string Recall = "recall";

    public const int MaxLength = 20;
}

internal sealed class PeerMailConfiguration : IEntityTypeConfiguration<PeerMail>
{
    public void Configure(EntityTypeBuilder<PeerMail> builder)
    {
        builder.ToTable("PeerMail").HasKey(mail => mail.Id);
        builder.Property(mail => mail.Kind).HasMaxLength(MailKinds.MaxLength);
        builder.Property(mail => mail.Key).HasMaxLength(64);
        builder.HasOne<Connection>().WithMany().HasForeignKey(mail => mail.ConnectionId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(mail => new { mail.ConnectionId, mail.Kind, mail.Key }).IsUnique();
        builder.HasIndex(mail => new { mail.ConnectionId, mail.Id });
    }
}
