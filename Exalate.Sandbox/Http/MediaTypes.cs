using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Exalate.Sandbox.Http;

internal static class MediaTypes
{
    private static readonly FileExtensionContentTypeProvider ByExtension = new();

    /// <summary>What the part says, unless it says nothing useful; then the extension decides.</summary>
    public static string Of(string? declared, string fileName)
    {
        if (MediaTypeHeaderValue.TryParse(declared, out var type) && type.MediaType != "application/octet-stream")
            return type.MediaType.Value!;
        return ByExtension.TryGetContentType(fileName, out var found) ? found : "application/octet-stream";
    }
}
