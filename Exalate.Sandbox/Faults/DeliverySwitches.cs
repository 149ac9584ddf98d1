namespace Exalate.Sandbox.Faults;

/// <summary>What a test does to the webhook deliveries: hold them back, send each twice, lose the next few.</summary>
internal sealed class DeliverySwitches
{
    private readonly Lock gate = new();
    private bool paused;
    private bool duplicate;
    private int drop;

    public event Action? Changed;

    public bool Paused => Get(() => paused);

    public bool Duplicate => Get(() => duplicate);

    public int Drop => Get(() => drop);

    public void Set(bool? pause, bool? twice, int? lose)
    {
        lock (gate)
        {
            paused = pause ?? paused;
            duplicate = twice ?? duplicate;
            drop = lose ?? drop;
        }

        Changed?.Invoke();
    }

    public void Reset() => Set(false, false, 0);

    /// <summary>True when this delivery is to be lost.</summary>
    public bool TakeDrop()
    {
        lock (gate)
        {
            if (drop == 0)
                return false;
            drop--;
            return true;
        }
    }

    private T Get<T>(Func<T> read)
    {
        lock (gate)
            return read();
    }
}
