using System.Text.Json;

namespace Exalate.Sandbox.Storage;

/// <summary>
/// The state of one tracker: held in memory, every write on disk before its answer is sent. One lock: readers and writers take turns,
/// each turn is short. A write that throws leaves memory and file as they were.
/// </summary>
internal sealed class StateStore : IDisposable
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { MaxDepth = 1024 };

    private readonly Lock gate = new();
    private readonly DocumentFile file;
    private readonly Dictionary<(string Kind, long Id), Func<string?>> dirty = [];
    private readonly Stack<Action> undo = [];
    private readonly DocumentSet<Counter> counters;
    private bool writing;

    public StateStore(string path)
    {
        file = DocumentFile.Open(path);
        counters = new DocumentSet<Counter>(this, "counter", counter => counter.Id);
    }

    /// <summary>Rises with every commit: the board polls it.</summary>
    public long Version { get; private set; }

    /// <summary>Called after a commit, outside of the lock.</summary>
    public event Action? Committed;

    public T Read<T>(Func<T> read)
    {
        lock (gate)
            return read();
    }

    public void Write(Action work) => Write(() =>
    {
        work();
        return true;
    });

    public T Write<T>(Func<T> work)
    {
        T result;
        lock (gate)
        {
            if (writing)
                return work();
            writing = true;
            try
            {
                result = work();
                Commit();
            }
            catch
            {
                while (undo.TryPop(out var step))
                    step();
                dirty.Clear();
                throw;
            }
            finally
            {
                writing = false;
            }
        }

        Committed?.Invoke();
        return result;
    }

    /// <summary>The next number of a sequence; never handed out twice, also after deletions and restarts.</summary>
    public long Next(SequenceId sequence, long first)
    {
        var next = (counters.Find((long)sequence)?.Value ?? first - 1) + 1;
        counters.Put(new Counter((long)sequence, next));
        return next;
    }

    internal List<(long Id, string Body)> Load(string kind) => file.Load(kind);

    internal void Track(string kind, long id, Func<string?> body, Action undoStep)
    {
        if (!writing)
            throw new InvalidOperationException("State changes only inside Write.");
        dirty[(kind, id)] = body;
        undo.Push(undoStep);
    }

    private void Commit()
    {
        if (dirty.Count > 0)
            file.Apply([.. dirty.Select(entry => new DocumentWrite(entry.Key.Kind, entry.Key.Id, entry.Value()))]);
        dirty.Clear();
        undo.Clear();
        Version++;
    }

    public void Dispose()
    {
        lock (gate)
            file.Dispose();
    }

    private sealed record Counter(long Id, long Value);
}

/// <summary>Names of the sequences; stored by number.</summary>
internal enum SequenceId
{
    Gid = 1,
    Issue = 2,
    Comment = 3,
    Attachment = 4,
    History = 5,
    Link = 6,
    RemoteLink = 7,
    Webhook = 8,
    Delivery = 9,
    Event = 10,
    Project = 11,
}
