namespace Exalate.Core.Trackers.Calls;

/// <summary>A guess from the file's name, for trackers that don't tell a type; other trackers make previews by it.</summary>
internal static class MediaTypes
{
    private static readonly Dictionary<string, string> ByEnding = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".gif"] = "image/gif", [".webp"] = "image/webp",
        [".svg"] = "image/svg+xml", [".pdf"] = "application/pdf", [".txt"] = "text/plain", [".log"] = "text/plain", [".md"] = "text/markdown",
        [".csv"] = "text/csv", [".json"] = "application/json", [".xml"] = "application/xml", [".zip"] = "application/zip", [".mp4"] = "video/mp4",
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    };

    internal static string FromName(string fileName)
    {
        var dot = fileName.LastIndexOf('.');
        return dot >= 0 && ByEnding.TryGetValue(fileName[dot..], out var type) ? type : "application/octet-stream";
    }
}
