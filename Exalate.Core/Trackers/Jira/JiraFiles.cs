using System.Text.Json.Nodes;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Jira;

/// <summary>Uploads and downloads, streamed.</summary>
internal sealed class JiraFiles(TrackerHttp http, TrackerHttpOptions options, TimeProvider time)
{
    private const int MaxRedirects = 3;

    public async Task<JsonNode?> UploadAsync(string issueId, NewAttachment attachment, CancellationToken cancellationToken)
    {
        var call = new TrackerCall(HttpMethod.Post, $"rest/api/3/issue/{Uri.EscapeDataString(issueId)}/attachments", $"attach a file to issue {issueId}")
        {
            SkipsXsrfCheck = true,
            Timeout = Multipart.Timeout(attachment, options),
            Content = () => Form(attachment, cancellationToken),
        };
        return (await http.SendAsync(call, cancellationToken)).Body.Items().FirstOrDefault();
    }

    public async Task<Stream?> DownloadAsync(string issueId, string attachmentId, CancellationToken cancellationToken)
    {
        var call = TrackerCall.Get($"rest/api/3/attachment/content/{Uri.EscapeDataString(attachmentId)}", $"download attachment {attachmentId} of issue {issueId}") with { MayBeMissing = true };
        return await http.FollowAsync(await http.OpenAsync(call, cancellationToken), call, options, time, cancellationToken);
    }

    /// <summary>
    /// The first address on the way to the file's content in which something is found. Nothing of the content is read. Null when there is none, or the file is gone or closed to us.
    /// </summary>
    public async Task<string?> FindAddressAsync(string issueId, string attachmentId, Func<string, string?> find, CancellationToken cancellationToken)
    {
        var call = TrackerCall.Get($"rest/api/3/attachment/content/{Uri.EscapeDataString(attachmentId)}", $"find attachment {attachmentId} of issue {issueId}") with { MayBeMissing = true };
        try
        {
            var answer = await http.OpenAsync(call, cancellationToken);
            for (var hops = 0; answer is not null; hops++)
            {
                using var redirect = answer;
                if (redirect.Headers.Location is not { } location)
                {
                    return null;
                }

                var found = find(location.OriginalString);
                if (found is not null || hops == MaxRedirects)
                {
                    return found;
                }

                answer = await http.OpenAnonymouslyAsync(new Uri(redirect.RequestMessage!.RequestUri!, location), call with { IsAnonymous = true }, cancellationToken);
            }

            return null;
        }
        catch (TrackerException e) when (e.Category == FailureCategory.Rejected)
        {
            return null;
        }
    }

    // The name goes as browsers send it: UTF-8 in plain quotes; Clean has taken out what could end the quotes or the line.
    private static MultipartFormDataContent Form(NewAttachment attachment, CancellationToken cancellationToken)
    {
        var name = FileNames.Clean(attachment.FileName);
        return Multipart.Of(new StreamedFile(attachment, $"form-data; name=\"file\"; filename=\"{name}\"", cancellationToken));
    }
}
