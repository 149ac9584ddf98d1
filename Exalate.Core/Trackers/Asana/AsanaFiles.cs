using System.Globalization;
using System.Text.Json.Nodes;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Asana;

/// <summary>Uploads and downloads, streamed.</summary>
internal sealed class AsanaFiles(TrackerHttp http, TrackerHttpOptions options, TimeProvider time)
{
    /// <summary>What Asana takes for one file.</summary>
    internal const long MaxBytes = 100L * 1024 * 1024;

    public async Task<JsonNode?> UploadAsync(string task, NewAttachment attachment, CancellationToken cancellationToken)
    {
        if (attachment.Size > MaxBytes)
        {
            var size = (attachment.Size / 1024d / 1024d).ToString("0.#", CultureInfo.InvariantCulture);
            throw new TrackerException(
                FailureCategory.Rejected, $"The file '{FileNames.Clean(attachment.FileName)}' has {size} MB; {AsanaTracker.Product} at {http.Dialect.InstanceUrl} takes files up to 100 MB. It was not attached to task {task}.");
        }

        var call = new TrackerCall(HttpMethod.Post, "attachments?opt_fields=name", $"attach a file to task {task}")
        {
            Timeout = Multipart.Timeout(attachment, options),
            Content = () => Multipart.Of(new StreamedFile(attachment, Disposition(attachment.FileName), cancellationToken), Multipart.Field("parent", task)),
        };
        return (await http.SendAsync(call, cancellationToken)).Body.At("data");
    }

    public async Task<Stream?> DownloadAsync(string task, string attachment, CancellationToken cancellationToken)
    {
        var call = TrackerCall.Get($"attachments/{Uri.EscapeDataString(attachment)}?opt_fields=download_url", $"download attachment {attachment} of task {task}") with { MayBeMissing = true };
        var answer = await http.SendAsync(call, cancellationToken);
        if (answer.IsMissing)
        {
            return null;
        }

        if (!Uri.TryCreate(answer.Body.Text("data", "download_url"), UriKind.Absolute, out var address))
        {
            throw new TrackerException(
                FailureCategory.Rejected, $"{AsanaTracker.Product} at {http.Dialect.InstanceUrl} offers no download of attachment {attachment} of task {task}: the file lies with another service.");
        }

        // The address is good for about two minutes and wants no credential.
        var anonymous = call with { IsAnonymous = true };
        return await http.FollowAsync(await http.OpenAnonymouslyAsync(address, anonymous, cancellationToken), anonymous, options, time, cancellationToken);
    }

    /// <summary>Asana wants a name with anything but ASCII percent-encoded, and once more as RFC 5987 has it.</summary>
    internal static string Disposition(string fileName)
    {
        var name = FileNames.Clean(fileName);
        var encoded = Uri.EscapeDataString(name);
        return name.All(c => c is >= ' ' and < (char)127 and not '%')
            ? $"form-data; name=\"file\"; filename=\"{name}\""
            : $"form-data; name=\"file\"; filename=\"{encoded}\"; filename*=UTF-8''{encoded}";
    }
}
