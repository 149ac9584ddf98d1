namespace Exalate.Console.Features.Connections;

/// <summary>
/// What is open on the Connections tab, as its address says it: someone who reloads, shares the link or goes back sees the same.
/// </summary>
public abstract record ConnectionsUrl
{
    public const string List = "/connections";

    private ConnectionsUrl()
    {
    }

    /// <summary>From the parts of the address; what contradicts itself or is no id opens nothing.</summary>
    public static ConnectionsUrl? Read(string? dialog, string? request, string? connection, string? twin, string? offer)
    {
        if (!string.IsNullOrEmpty(offer))
            return new Offer(offer);
        if (Guid.TryParse(connection, out var id))
            return new Opened(id, Guid.TryParse(twin, out var pair) ? pair : null);
        return dialog switch
        {
            "initiate" when Guid.TryParse(request, out var requestId) => new Initiate(requestId),
            "accept" => new Accept(),
            _ => null,
        };
    }

    public abstract override string ToString();

    /// <summary>The wizard. The request's id is chosen when it opens and stays over a reload, so that one connection comes of it.</summary>
    public sealed record Initiate(Guid RequestId) : ConnectionsUrl
    {
        public override string ToString() => $"{List}?dialog=initiate&request={RequestId:N}";
    }

    /// <summary>The dialog that takes a pasted code.</summary>
    public sealed record Accept : ConnectionsUrl
    {
        public override string ToString() => $"{List}?dialog=accept";
    }

    /// <summary>What a partner's node handed over.</summary>
    public sealed record Offer(string Handle) : ConnectionsUrl
    {
        public override string ToString() => $"{List}/accept?offer={Uri.EscapeDataString(Handle)}";
    }

    /// <summary>One connection: its invitation while Pending, the first sync while Active; with a pair, how far that is.</summary>
    public sealed record Opened(Guid ConnectionId, Guid? TwinId = null) : ConnectionsUrl
    {
        public override string ToString() => TwinId is { } twin ? $"{List}?connection={ConnectionId:N}&twin={twin:N}" : $"{List}?connection={ConnectionId:N}";
    }
}
