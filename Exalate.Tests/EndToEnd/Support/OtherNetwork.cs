using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Exalate.Tests.EndToEnd.Support;

/// <summary>
/// A network of its own (a network namespace of Linux) with one cable to this one. What listens there on loopback can't be called from here at all; what calls from there reaches
/// <see cref="Here"/>. The cable can be pulled.
/// </summary>
internal sealed class OtherNetwork : IDisposable
{
    private const int NetworkNamespace = 0x40000000;
    private readonly string name = $"exalate{Environment.ProcessId}";
    private readonly string cable = $"exa{Environment.ProcessId}";

    /// <summary>This side's address on the cable.</summary>
    public string Here { get; } = $"10.213.{Environment.ProcessId % 250}.1";

    /// <summary>The other network's address on the cable.</summary>
    public string There { get; } = $"10.213.{Environment.ProcessId % 250}.2";

    /// <summary>What runs the rest of its line over there.</summary>
    public IReadOnlyList<string> Within => ["ip", "netns", "exec", name];

    /// <summary>Null when this machine can do it, else why not.</summary>
    public static string? Missing { get; } = Look();

    public static OtherNetwork Make()
    {
        var network = new OtherNetwork();
        Run("ip", "netns", "add", network.name);
        Run("ip", "link", "add", network.cable, "type", "veth", "peer", "name", "eth0", "netns", network.name);
        Run("ip", "address", "add", network.Here + "/30", "dev", network.cable);
        Run("ip", "-n", network.name, "address", "add", network.There + "/30", "dev", "eth0");
        Run("ip", "link", "set", network.cable, "up");
        Run("ip", "-n", network.name, "link", "set", "eth0", "up");
        Run("ip", "-n", network.name, "link", "set", "lo", "up");
        return network;
    }

    public void PullCable() => Run("ip", "link", "set", cable, "down");

    public void PlugIn() => Run("ip", "link", "set", cable, "up");

    /// <summary>Calls what listens over there, as somebody who sits there.</summary>
    public HttpMessageHandler Caller() => new SocketsHttpHandler
    {
        ConnectCallback = (context, _) => ValueTask.FromResult<Stream>(new NetworkStream(ConnectThere(context.DnsEndPoint.Port), ownsSocket: true)),
    };

    // The cable goes with the namespace.
    public void Dispose() => Run("ip", "netns", "delete", name);

    /// <summary>A socket belongs to the network in which it was made: a thread goes there for it and ends.</summary>
    private Socket ConnectThere(int port)
    {
        var socket = new TaskCompletionSource<Socket>();
        var thread = new Thread(() =>
        {
            try
            {
                using var door = File.OpenHandle($"/run/netns/{name}");
                if (SetNamespace(door.DangerousGetHandle().ToInt32(), NetworkNamespace) != 0)
                    throw new InvalidOperationException($"setns failed: {Marshal.GetLastPInvokeError()}.");
                var made = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                made.Connect(IPAddress.Loopback, port);
                socket.SetResult(made);
            }
            catch (Exception exception)
            {
                socket.SetException(exception is SocketException ? new HttpRequestException(exception.Message, exception) : exception);
            }
        });
        thread.Start();
        thread.Join();
        return socket.Task.GetAwaiter().GetResult();
    }

    private static string? Look()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return "Needs Linux and root, to make a network namespace.";
        try
        {
            var probe = $"exalook{Environment.ProcessId}";
            Run("ip", "netns", "add", probe);
            try
            {
                Run("ip", "link", "add", $"exl{Environment.ProcessId}", "type", "veth", "peer", "name", "eth0", "netns", probe);
                Run("ip", "netns", "exec", probe, "true");
            }
            finally
            {
                Run("ip", "netns", "delete", probe);
            }

            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"This machine makes no network namespaces ({exception.Message.Trim()}).";
        }
    }

    private static void Run(params string[] line)
    {
        using var process = Process.Start(new ProcessStartInfo(line[0], line.Skip(1)) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', line)}: {said}");
    }

#pragma warning disable SYSLIB1054 // LibraryImport would want unsafe code for two numbers
    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int SetNamespace(int descriptor, int kind);
#pragma warning restore SYSLIB1054
}

/// <summary>A test that needs <see cref="OtherNetwork"/>; skipped with the reason where there can't be one.</summary>
public sealed class OtherNetworkFactAttribute : FactAttribute
{
    public OtherNetworkFactAttribute() => Skip = OtherNetwork.Missing;
}
