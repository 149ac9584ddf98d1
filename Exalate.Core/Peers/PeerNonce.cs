using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exalate.Core.Peers;

/// <summary>A nonce that a partner has used. Kept until a request that carries it would be too old anyway.</summary>
public sealed class PeerNonce
{
    public required Guid LinkId { get; init; }

    public required string Nonce { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class PeerNonceConfiguration : IEntityTypeConfiguration<PeerNonce>
{
    public void Configure(EntityTypeBuilder<PeerNonce> builder)
    {
        builder.ToTable("PeerNonces").HasKey(nonce => new { nonce.LinkId, nonce.Nonce });
        builder.Property(nonce => nonce.Nonce).HasMaxLength(Signing.PeerSignature.MaxNonceLength);
        builder.HasIndex(nonce => nonce.ExpiresAt).HasDatabaseName("IX_PeerNonces_ExpiresAt");
    }
}
