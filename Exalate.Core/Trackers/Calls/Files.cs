using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Exalate.Core.Trackers.Calls;

/// <summary>The file to upload could not be read; the tracker has no part in it.</summary>
internal sealed class SourceUnreadableException(string sentence, Exception? inner = null) : Exception(sentence, inner);

/// <summary>A file that is read while it is sent, with its length told before.</summary>
internal sealed class StreamedFile : HttpContent
{
    private readonly NewAttachment attachment;
    private readonly CancellationToken cancellationToken;

    public StreamedFile(NewAttachment attachment, string contentDisposition, CancellationToken cancellationToken)
    {
        this.attachment = attachment;
        this.cancellationToken = cancellationToken;
        Headers.TryAddWithoutValidation("Content-Disposition", contentDisposition);
        Headers.ContentType = MediaTypeHeaderValue.TryParse(attachment.ContentType, out var type) ? type : new("application/octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, cancellationToken);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var source = await ReadingAsync(() => attachment.OpenAsync(cancellationToken));
        var buffer = new byte[64 * 1024];
        var left = attachment.Size;
        int read;
        while ((read = await ReadingAsync(() => source.ReadAsync(buffer, cancellationToken).AsTask())) > 0)
        {
            left -= read;
            if (left < 0)
            {
                break;
            }

            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        if (left != 0)
        {
            throw new SourceUnreadableException($"It was announced with {attachment.Size:N0} bytes and has {(left < 0 ? "more" : "fewer")}.");
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = attachment.Size;
        return true;
    }

    private static async Task<T> ReadingAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new SourceUnreadableException(e.Message, e);
        }
    }
}

/// <summary>File names on their way into a tracker.</summary>
internal static class FileNames
{
    private const int MaxLength = 200;

    /// <summary>The last part of a path, without control characters, quotes and what Windows forbids; never empty. "..\\evil\".png" gives "evil'.png".</summary>
    internal static string Clean(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = new StringBuilder(last.Length);
        foreach (var rune in last.EnumerateRunes())
        {
            if (rune.Value == '"')
            {
                clean.Append('\'');
            }
            else if (rune.Value is '<' or '>' or ':' or '|' or '?' or '*')
            {
                clean.Append('_');
            }
            else if (!Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator))
            {
                clean.Append(rune);
            }
        }

        var text = Shorten(clean.ToString().Trim());
        return text.Trim('.').Length == 0 ? "file" : text;
    }

    private static string Shorten(string name)
    {
        if (name.Length <= MaxLength)
        {
            return name;
        }

        var dot = name.LastIndexOf('.');
        var ending = dot > 0 && name.Length - dot <= 20 ? name[dot..] : string.Empty;
        var end = MaxLength - ending.Length;
        return name[..(char.IsHighSurrogate(name[end - 1]) ? end - 1 : end)] + ending;
    }
}
