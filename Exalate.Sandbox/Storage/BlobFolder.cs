using System.Globalization;

namespace Exalate.Sandbox.Storage;

/// <summary>The bytes of attachments, one file per attachment, named by its id alone: a file name of a user never becomes a path.</summary>
internal sealed class BlobFolder
{
    private readonly string folder;

    public BlobFolder(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
        foreach (var leftover in Directory.EnumerateFiles(folder, "*.part"))
            File.Delete(leftover);
    }

    /// <summary>Streams to a temporary file; it becomes a blob by <see cref="Keep"/>.</summary>
    /// <exception cref="BlobTooLargeException">More than <paramref name="limit"/> bytes came.</exception>
    public async Task<SpooledBlob> SpoolAsync(Stream content, long limit, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, Path.GetRandomFileName() + ".part");
        var buffer = new byte[81920];
        long size = 0;
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                size += read;
                if (size > limit)
                    throw new BlobTooLargeException();
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch
        {
            File.Delete(path);
            throw;
        }

        return new SpooledBlob(path, size);
    }

    public void Keep(SpooledBlob blob, long id) => File.Move(blob.Path, PathOf(id), overwrite: true);

    public void Put(long id, byte[] content) => File.WriteAllBytes(PathOf(id), content);

    public FileStream Open(long id) =>
        new(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 81920, FileOptions.Asynchronous);

    public bool Exists(long id) => File.Exists(PathOf(id));

    public void Delete(long id) => File.Delete(PathOf(id));

    private string PathOf(long id) => Path.Combine(folder, id.ToString(CultureInfo.InvariantCulture) + ".blob");
}

/// <summary>A temporary file that is removed unless it was kept.</summary>
internal sealed record SpooledBlob(string Path, long Size) : IDisposable
{
    public void Dispose() => File.Delete(Path);
}

internal sealed class BlobTooLargeException : Exception;
