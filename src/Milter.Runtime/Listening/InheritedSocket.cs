using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;

namespace Milter.Listening;

/// <summary>Listening sockets that were open when the process started: <c>fd:N</c> and systemd's socket activation.</summary>
internal static class InheritedSocket
{
    private const int FirstDescriptor = 3;

    /// <summary>Opens the socket that the endpoint names.</summary>
    /// <exception cref="MilterListenException">There is no such socket.</exception>
    public static Socket Open(MilterEndPoint endPoint)
    {
        if (endPoint.Kind == MilterEndPointKind.FileDescriptor)
        {
            return Adopt(endPoint, endPoint.Descriptor);
        }

        int descriptor = Find(endPoint, Environment.GetEnvironmentVariable, Environment.ProcessId);
        CloseOnExec(Count(Environment.GetEnvironmentVariable));
        return Adopt(endPoint, descriptor);
    }

    /// <summary>Reads from <c>LISTEN_PID</c>, <c>LISTEN_FDS</c> and <c>LISTEN_FDNAMES</c> which descriptor is meant (sd_listen_fds(3)).</summary>
    internal static int Find(MilterEndPoint endPoint, Func<string, string?> environment, int processId)
    {
        string? pid = environment("LISTEN_PID");
        int count = Count(environment);
        if (count == 0)
        {
            throw Fail(endPoint, "systemd has handed over no socket (LISTEN_FDS is not set). Start the service through its .socket unit.");
        }

        if (pid != processId.ToString(CultureInfo.InvariantCulture))
        {
            throw Fail(endPoint, $"the sockets were handed over to process {pid ?? "(LISTEN_PID is not set)"}, and this is {processId}. Let ExecStart= start the filter itself, without a shell in between.");
        }

        string[] names = environment("LISTEN_FDNAMES")?.Split(':') ?? [];
        string known = names.Length == 0 ? "without names" : "named " + string.Join(", ", names);
        if (endPoint.Name is null)
        {
            return count == 1 ? FirstDescriptor : throw Fail(endPoint, $"systemd has handed over {count} sockets, {known}. Write systemd:name with the FileDescriptorName= of one.");
        }

        int index = Array.IndexOf(names, endPoint.Name);
        return index >= 0 && index < count ? FirstDescriptor + index
            : throw Fail(endPoint, $"systemd has handed over no socket of that name; it gave {count}, {known}. The name is FileDescriptorName= in the .socket unit.");
    }

    private static int Count(Func<string, string?> environment) =>
        int.TryParse(environment("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0;

    /// <summary>Does to all that systemd has handed over what sd_listen_fds does: a program that the filter starts, and that may outlive it, is not to go on listening.</summary>
    private static void CloseOnExec(int count)
    {
        for (int i = 0; i < count && OperatingSystem.IsLinux(); i++)
        {
            LibC.CloseOnExec(FirstDescriptor + i);
        }
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The caller owns it; disposed of on failure.")]
    private static Socket Adopt(MilterEndPoint endPoint, int descriptor)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
            if (socket.SocketType != SocketType.Stream)
            {
                throw Fail(endPoint, $"descriptor {descriptor} is a {socket.SocketType} socket, and a milter needs a stream.");
            }

            if (OperatingSystem.IsLinux())
            {
                LibC.CloseOnExec(descriptor);
            }

            // Does no harm to a socket that listens already.
            socket.Listen();
            return socket;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            socket?.Dispose();
            throw Fail(endPoint, $"descriptor {descriptor} is no socket that can listen. Whoever starts the filter has to open it and leave it open.", e);
        }
        catch (MilterListenException)
        {
            socket?.Dispose();
            throw;
        }
    }

    private static MilterListenException Fail(MilterEndPoint endPoint, string message, Exception? e = null) =>
        new($"Can't listen on {endPoint}: {message}", e);
}
