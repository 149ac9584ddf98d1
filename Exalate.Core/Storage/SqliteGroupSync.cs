using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace Exalate.Core.Storage;

/// <summary>
/// Writes the log of SQLite (WAL) through to the disk once for all who committed meanwhile. A commit leaves its pages in the log without waiting for the disk; whoever made it
/// goes on only after a sync that began later. That promises what <c>synchronous=FULL</c> promises, and many writers share one wait for the disk instead of queueing for one each.
/// </summary>
internal sealed class SqliteGroupSync(string logFile)
{
    private const int IoError = 10;
    private const int SyncFailed = 1034;

    /// <summary>EINTR: a signal came first.</summary>
    private const int Interrupted = 4;

    /// <summary>Writes a file through to the disk; a test holds it up, or lets it fail.</summary>
    public Action<SafeFileHandle> Flush { private get; init; } = OperatingSystem.IsLinux() ? FlushData : RandomAccess.FlushToDisk;

    private readonly Lock gate = new();
    private TaskCompletionSource? waiting;
    private bool isRunning;
    private Task running = Task.CompletedTask;

    /// <summary>Returns when all that was committed before the call would survive a power cut.</summary>
    /// <exception cref="SqliteException">The disk refused: none of the group may be acknowledged.</exception>
    public Task SyncAsync()
    {
        lock (gate)
        {
            waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!isRunning)
            {
                isRunning = true;
                running = RunAsync();
            }

            return waiting.Task;
        }
    }

    /// <summary>Until nobody waits; fails never, those who wait are told.</summary>
    private async Task RunAsync()
    {
        // Not on the thread of the one who happens to be first: it has only its own commit to wait for.
        await Task.Yield();
        while (true)
        {
            TaskCompletionSource group;
            lock (gate)
            {
                if (waiting is null)
                {
                    isRunning = false;
                    return;
                }

                (group, waiting) = (waiting, null);
            }

            try
            {
                Sync();
                group.SetResult();
            }
            catch (SqliteException exception)
            {
                group.SetException(exception);
            }
        }
    }

    /// <summary>At once and alone, for callers that can't await.</summary>
    public void Sync()
    {
        try
        {
            // Opened anew each time: SQLite replaces the file when its last connection closes.
            using var log = File.OpenHandle(logFile, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            Flush(log);
        }
        catch (FileNotFoundException)
        {
            // Taken over into the database, which SQLite itself syncs before it removes the log.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refused(exception);
        }
    }

    /// <summary>As SQLite does it: what is needed to read the log again, and not its times, which cost another write of the file system's journal.</summary>
    private static void FlushData(SafeFileHandle log)
    {
        while (SyncData(log) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int SyncData(SafeFileHandle file);

    /// <summary>As SQLite itself would have said it.</summary>
    private SqliteException Refused(Exception exception) =>
        new($"The disk under {logFile} did not take what was written ({exception.Message}).", IoError, SyncFailed);
}
