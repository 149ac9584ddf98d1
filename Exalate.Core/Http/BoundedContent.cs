namespace Exalate.Core.Http;

/// <summary>The other side sent more than we are willing to hold.</summary>
public sealed class ResponseTooLargeException(long limit) : HttpRequestException($"The answer is larger than {limit:N0} bytes.");

/// <summary>Reading answers without trusting their length.</summary>
public static class BoundedContent
{
    /// <summary>The whole body, at most <paramref name="maxBytes"/> of it.</summary>
    /// <exception cref="ResponseTooLargeException">The body is longer, by its header or in fact (a decompressed one counts in full).</exception>
    public static async Task<byte[]> ReadBoundedAsync(this HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
        {
            throw new ResponseTooLargeException(maxBytes);
        }

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var collected = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (collected.Length + read > maxBytes)
            {
                throw new ResponseTooLargeException(maxBytes);
            }

            collected.Write(buffer, 0, read);
        }

        return collected.ToArray();
    }
}
