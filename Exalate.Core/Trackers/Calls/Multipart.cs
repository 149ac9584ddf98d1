using System.Text;

namespace Exalate.Core.Trackers.Calls;

/// <summary>multipart/form-data as the vendors' servers like it.</summary>
internal static class Multipart
{
    /// <summary>A form of parts that carry their own Content-Disposition. Part headers go in UTF-8, the boundary without the quotes that some servers stumble over.</summary>
    internal static MultipartFormDataContent Of(params IEnumerable<HttpContent> parts)
    {
        var form = new MultipartFormDataContent { HeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        foreach (var part in parts)
        {
            form.Add(part);
        }

        var boundary = form.Headers.ContentType!.Parameters.First(p => p.Name == "boundary");
        boundary.Value = boundary.Value!.Trim('"');
        return form;
    }

    internal static HttpContent Field(string name, string value)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(value));
        content.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{name}\"");
        return content;
    }

    /// <summary>Uploads are given a second more for each 100 kB.</summary>
    internal static TimeSpan Timeout(NewAttachment attachment, TrackerHttpOptions options) =>
        options.AttemptTimeout + TimeSpan.FromSeconds(attachment.Size / 100_000d);
}
