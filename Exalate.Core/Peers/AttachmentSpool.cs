using System.Security.Cryptography;
using Exalate.Core.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Peers;

/// <summary>A file in the spool: complete, hashed, positioned at its start. Gone when disposed.</summary>
internal sealed record SpooledFile(FileStream Content, byte[] Sha256) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>The file is larger than this node takes.</summary>
internal sealed class SpoolLimitException(long limit) : IOException($"The file is larger than {limit / (1024 * 1024):N0} MB, the most that this node takes.");

/// <summary>The files that are on their way together take all the room they may; there is room again when one of them is done.</summary>
internal sealed class SpoolFullException(long limit)
    : IOException($"Attachments on their way take all of the {limit / (1024 * 1024):N0} MB that they may together (Peers:MaxSpoolBytes). It is tried again when others are done.");

/// <summary>Attachments on their way, in temporary files: never whole in memory.</summary>
internal sealed class AttachmentSpool(NodeSettingsStore settings, IRandomSource random, IOptions<PeerOptions> options, ILogger<AttachmentSpool> log)
{
    private const int BufferSize = 80 * 1024;
    private const string Extension = ".spool";

    private long used;

    /// <summary>Copies a stream to the spool and hashes it on the way.</summary>
    /// <exception cref="SpoolLimitException">It is larger than <see cref="PeerOptions.MaxAttachmentBytes"/>.</exception>
    /// <exception cref="SpoolFullException">There is no room beside the others, see <see cref="PeerOptions.MaxSpoolBytes"/>.</exception>
    public async Task<SpooledFile> TakeAsync(Stream content, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxAttachmentBytes;
        var file = await CreateAsync(cancellationToken);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BufferSize];
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (file.Length + read > limit)
                {
                    throw new SpoolLimitException(limit);
                }

                file.Reserve(read);
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            file.Position = 0;
            return new SpooledFile(file, hash.GetHashAndReset());
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes what an earlier run left behind when it was killed. A file that is in use is let be.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var folder = await FolderAsync(cancellationToken);
        if (!Directory.Exists(folder))
        {
            return;
        }

        var swept = Directory.EnumerateFiles(folder, "*" + Extension).Count(TryRemove);
        if (swept > 0)
        {
            PeersLog.SpoolSwept(log, swept, folder);
        }
    }

    private static bool TryRemove(string path)
    {
        try
        {
            using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
            }

            File.Delete(path);
            return true;
        }
        catch (IOException)
        {
            // Another replica of this node works with it.
            return false;
        }
    }

    private async Task<SpoolStream> CreateAsync(CancellationToken cancellationToken)
    {
        var folder = await FolderAsync(cancellationToken);
        // A partner's files are nobody else's on this machine.
        _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var how = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            BufferSize = BufferSize,
        };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new SpoolStream(Path.Combine(folder, random.NewGuid().ToString("N") + Extension), how, this);
    }

    // Nodes on one machine share the system's folder; each sweeps its own alone.
    private async Task<string> FolderAsync(CancellationToken cancellationToken) =>
        Path.Combine(options.Value.SpoolFolder ?? Path.GetTempPath(), $"exalate-{(await settings.ReadAsync(cancellationToken)).NodeUid}");

    private void Reserve(int bytes)
    {
        var limit = options.Value.MaxSpoolBytes;
        if (Interlocked.Add(ref used, bytes) > limit)
        {
            Interlocked.Add(ref used, -bytes);
            throw new SpoolFullException(limit);
        }
    }

    /// <summary>Gives its room back when it is closed, wherever that happens.</summary>
    private sealed class SpoolStream(string path, FileStreamOptions how, AttachmentSpool spool) : FileStream(path, how)
    {
        private long reserved;

        public void Reserve(int bytes)
        {
            spool.Reserve(bytes);
            reserved += bytes;
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            GiveBack();
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            GiveBack();
        }

        private void GiveBack() => Interlocked.Add(ref spool.used, -Interlocked.Exchange(ref reserved, 0));
    }
}
