using System.Collections.Concurrent;

namespace Exalate.Core.Trackers.Asana;

/// <summary>
/// Which task a comment or file is on, as far as it was seen: Asana names edited and deleted comments without their task, and a
/// deleted one can't be asked any more. Shared by all connectors of an instance; forgets all when it is full. Thread-safe.
/// </summary>
internal sealed class AsanaParts
{
    private const int Capacity = 50_000;

    private readonly ConcurrentDictionary<string, string> tasks = new(StringComparer.Ordinal);

    public void Remember(string part, string task)
    {
        if (tasks.Count >= Capacity)
        {
            tasks.Clear();
        }

        tasks[part] = task;
    }

    public string? TaskOf(string part) => tasks.GetValueOrDefault(part);
}
