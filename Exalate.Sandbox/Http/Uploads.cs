using System.Text;
using Exalate.Sandbox.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Exalate.Sandbox.Http;

/// <summary>A file part, spooled to disk.</summary>
internal sealed record UploadedFile(string PartName, string FileName, string ContentType, SpooledBlob Blob) : IDisposable
{
    public void Dispose() => Blob.Dispose();
}

/// <summary>A multipart form whose files never were in memory. Disposing removes the files that were not kept.</summary>
internal sealed class UploadedForm : IDisposable
{
    public Dictionary<string, string> Fields { get; } = new(StringComparer.Ordinal);

    public List<UploadedFile> Files { get; } = [];

    public void Dispose() => Files.ForEach(file => file.Dispose());

    /// <exception cref="InvalidDataException">No multipart form, or a broken one.</exception>
    /// <exception cref="BlobTooLargeException">A file is over the limit.</exception>
    public static async Task<UploadedForm> ReadAsync(HttpContext context, BlobFolder blobs, long fileLimit)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
            throw new InvalidDataException("not a multipart/form-data request");
        var form = new UploadedForm();
        try
        {
            await form.FillAsync(new MultipartReader(boundary, context.Request.Body), blobs, fileLimit, context.RequestAborted);
            return form;
        }
        catch (IOException problem)
        {
            form.Dispose();
            throw new InvalidDataException(problem.Message, problem);
        }
        catch
        {
            form.Dispose();
            throw;
        }
    }

    private async Task FillAsync(MultipartReader reader, BlobFolder blobs, long fileLimit, CancellationToken cancellationToken)
    {
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                continue;
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
            if (FileNameOf(disposition) is { } fileName)
            {
                var blob = await blobs.SpoolAsync(section.Body, fileLimit, cancellationToken);
                Files.Add(new UploadedFile(name, fileName, MediaTypes.Of(section.ContentType, fileName), blob));
            }
            else
            {
                using var text = new StreamReader(section.Body, Encoding.UTF8);
                Fields[name] = await text.ReadToEndAsync(cancellationToken);
            }
        }
    }

    private static string? FileNameOf(ContentDispositionHeaderValue disposition)
    {
        // filename* wins over filename; both may carry non-ASCII names percent-encoded.
        if (disposition.FileNameStar.Value is { Length: > 0 } star)
            return LastSegment(star);
        if (disposition.FileName.Value is null)
            return null;
        var plain = HeaderUtilities.UnescapeAsQuotedString(disposition.FileName).Value ?? "";
        return LastSegment(plain.Contains('%') ? Uri.UnescapeDataString(plain) : plain);
    }

    private static string LastSegment(string name)
    {
        var cut = name.Replace('\\', '/').Split('/')[^1].Trim();
        var clean = new string([.. cut.Where(letter => !char.IsControl(letter))]);
        return clean is "" or "." or ".." ? "file" : clean.Length > 255 ? clean[..255] : clean;
    }
}
