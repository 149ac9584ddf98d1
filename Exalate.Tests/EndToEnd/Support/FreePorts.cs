using System.Net;
using System.Net.Sockets;

namespace Exalate.Tests.EndToEnd.Support;

/// <summary>Ports that nobody listens on. The demo wants a base with four of them.</summary>
internal static class FreePorts
{
    private static readonly int[] OfDemo = [1, 2, 3, 11, 12];
    private static int last = 20000 + (Environment.ProcessId % 1000 * 20);

    public static int DemoBase()
    {
        while (true)
        {
            var candidate = Interlocked.Add(ref last, 20);
            if (OfDemo.All(offset => IsFree(candidate + offset)))
                return candidate;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
