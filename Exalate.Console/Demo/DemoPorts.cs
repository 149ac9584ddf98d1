using System.Net;
using System.Net.Sockets;
using Exalate.Console.Hosting;

namespace Exalate.Console.Demo;

/// <summary>Where everything listens.</summary>
internal sealed record DemoPorts(int JiraNode, int AsanaNode, int PrivateNode, int JiraTracker, int AsanaTracker)
{
    private const int Highest = 65535;

    /// <exception cref="StartupException">The base leaves no room for the ports.</exception>
    public static DemoPorts From(int first) =>
        first is > 0 and <= Highest - 12
            ? new DemoPorts(first + 1, first + 2, first + 3, first + 11, first + 12)
            : throw new StartupException($"--port-base is {first}. Use a number from 1 to {Highest - 12}: the demo listens on that number +1, +2, +3, +11 and +12.");

    /// <exception cref="StartupException">One or more of the ports are taken.</exception>
    public void CheckFree()
    {
        var taken = new[] { JiraNode, AsanaNode, PrivateNode, JiraTracker, AsanaTracker }.Where(IsTaken).ToList();
        if (taken.Count > 0)
            throw new StartupException($"{(taken.Count == 1 ? "Port" : "Ports")} {string.Join(", ", taken)} {(taken.Count == 1 ? "is" : "are")} already in use. Is the demo running already? Stop what listens there, or choose others with --port-base.");
    }

    private static bool IsTaken(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
