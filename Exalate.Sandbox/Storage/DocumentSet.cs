using System.Text.Json;

namespace Exalate.Sandbox.Storage;

/// <summary>One kind of document, by id. Documents are immutable records: a change is a Put of another one.</summary>
internal sealed class DocumentSet<T> where T : class
{
    private readonly StateStore store;
    private readonly string kind;
    private readonly Func<T, long> idOf;
    private readonly SortedDictionary<long, T> items = [];
    private readonly List<Action<T?, T?>> observers = [];

    public DocumentSet(StateStore store, string kind, Func<T, long> idOf)
    {
        this.store = store;
        this.kind = kind;
        this.idOf = idOf;
        foreach (var (id, body) in store.Load(kind))
            items[id] = JsonSerializer.Deserialize<T>(body, StateStore.Json)!;
    }

    public int Count => items.Count;

    /// <summary>In the order of their ids. Enumerate inside Read or Write only.</summary>
    public IEnumerable<T> All => items.Values;

    public T? Find(long id) => items.GetValueOrDefault(id);

    public T Put(T item)
    {
        var id = idOf(item);
        Set(id, item);
        return item;
    }

    public void Remove(long id) => Set(id, null);

    /// <summary>Tells every present and future document: (null, new), (old, new), (old, null).</summary>
    public void Observe(Action<T?, T?> observer)
    {
        foreach (var item in items.Values)
            observer(null, item);
        observers.Add(observer);
    }

    private void Set(long id, T? item)
    {
        var before = Find(id);
        if (before is null && item is null)
            return;
        store.Track(kind, id, () => Find(id) is { } now ? JsonSerializer.Serialize(now, StateStore.Json) : null, () => Apply(id, before));
        Apply(id, item);
    }

    private void Apply(long id, T? item)
    {
        var before = Find(id);
        if (item is null)
            items.Remove(id);
        else
            items[id] = item;
        foreach (var observer in observers)
            observer(before, item);
    }
}

/// <summary>Documents by a property other than their id, in the order of their ids.</summary>
internal sealed class DocumentIndex<T, TKey> where T : class where TKey : notnull
{
    private readonly DocumentSet<T> documents;
    private readonly Dictionary<TKey, SortedSet<long>> ids = [];

    public DocumentIndex(DocumentSet<T> documents, Func<T, long> idOf, Func<T, IEnumerable<TKey>> keysOf)
    {
        this.documents = documents;
        documents.Observe((before, after) =>
        {
            foreach (var key in before is null ? [] : keysOf(before))
            {
                if (ids.TryGetValue(key, out var old) && old.Remove(idOf(before!)) && old.Count == 0)
                    ids.Remove(key);
            }

            foreach (var key in after is null ? [] : keysOf(after))
            {
                if (!ids.TryGetValue(key, out var set))
                    ids[key] = set = [];
                set.Add(idOf(after!));
            }
        });
    }

    public IEnumerable<T> this[TKey key] => ids.TryGetValue(key, out var set) ? set.Select(id => documents.Find(id)!) : [];

    public int CountOf(TKey key) => ids.TryGetValue(key, out var set) ? set.Count : 0;
}

/// <summary>
/// What a search sees: the documents as they were <c>lag</c> ago. Both vendors' search runs on an index that follows the writes;
/// only the lag is emulated, not its irregularity.
/// </summary>
internal sealed class LaggingIndex<T> where T : class
{
    private readonly DocumentSet<T> documents;
    private readonly TimeProvider time;
    private readonly TimeSpan lag;
    private readonly SortedDictionary<long, T> indexed = [];
    private readonly Queue<(DateTimeOffset At, long Id, T? Document)> pending = [];

    public LaggingIndex(DocumentSet<T> documents, Func<T, long> idOf, TimeProvider time, TimeSpan lag)
    {
        this.documents = documents;
        this.time = time;
        this.lag = lag;
        if (lag <= TimeSpan.Zero)
            return;
        foreach (var document in documents.All)
            indexed[idOf(document)] = document;
        documents.Observe((before, after) => Enqueue(idOf((after ?? before)!), before, after));
    }

    public IEnumerable<T> All
    {
        get
        {
            if (lag <= TimeSpan.Zero)
                return documents.All;
            while (pending.TryPeek(out var next) && next.At + lag <= time.GetUtcNow())
            {
                pending.Dequeue();
                if (next.Document is null)
                    indexed.Remove(next.Id);
                else
                    indexed[next.Id] = next.Document;
            }

            return indexed.Values;
        }
    }

    private void Enqueue(long id, T? before, T? after)
    {
        if (before is null && after is not null && ReferenceEquals(indexed.GetValueOrDefault(id), after))
            return;
        pending.Enqueue((time.GetUtcNow(), id, after));
    }
}
