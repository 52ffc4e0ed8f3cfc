using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Milter.Mta.Tests;

/// <summary>Free ports of 127.0.0.1, and who listens on them.</summary>
public static class LoopbackPort
{
    // Below the range of which the kernel takes the ports of outgoing connections: nobody gets ours by chance.
    private const int First = 20_000, Last = 32_000;

    private static readonly HashSet<int> s_given = [];

    /// <summary>A port that nobody listens on and that is given only once in this process.</summary>
    public static int Take()
    {
        for (int tries = 0; tries < 1_000; tries++)
        {
            int port = Random.Shared.Next(First, Last);
            lock (s_given)
            {
                if (IsFree(port) && s_given.Add(port))
                {
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"No free port of 127.0.0.1 between {First} and {Last}.");
    }

    /// <summary>Whether the process listens on the port; found without a connection, which a milter would see.</summary>
    public static bool IsListening(int port, int processId)
    {
        string local = string.Create(CultureInfo.InvariantCulture, $"0100007F:{port:X4}");
        var sockets = File.ReadLines("/proc/net/tcp")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[1] == local && fields[3] == "0A")
            .Select(fields => $"socket:[{fields[9]}]")
            .ToHashSet();
        try
        {
            return sockets.Count > 0
                && Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd").Any(fd => sockets.Contains(new FileInfo(fd).LinkTarget ?? ""));
        }
        catch (IOException)
        {
            return false; // the process, or one of its files, is gone
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
