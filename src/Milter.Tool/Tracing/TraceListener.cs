using System.Net;
using System.Net.Sockets;
using Milter.Client;
using Milter.Listening;
using Milter.Transport;

namespace Milter.Tool;

/// <summary>Where a trace waits for the MTA. A unix socket is made as a filter's: with its rights from the first moment, and taken away at the end.</summary>
internal sealed class TraceListener : IAsyncDisposable
{
    private readonly SocketFile? _file;

    private TraceListener(Socket socket, SocketFile? file) => (Socket, _file) = (socket, file);

    public Socket Socket { get; }

    public static TraceListener Open(string endPoint, UnixFileMode? mode)
    {
        MilterEndPoint parsed = MilterEndPoint.Parse(endPoint);
        if (parsed.Kind == MilterEndPointKind.Unix)
        {
            return OpenUnix(parsed, mode ?? ListenSettings.DefaultMode);
        }

        return mode is null ? OpenTcp(parsed.ToListenAddress()) : throw new ToolException(ExitCode.Usage, $"--mode is for unix sockets, and {endPoint} is none.");
    }

    public ValueTask DisposeAsync()
    {
        _file?.RemoveIfOurs();
        Socket.Dispose();
        _file?.Dispose();
        return default;
    }

    private static TraceListener OpenUnix(MilterEndPoint endPoint, UnixFileMode mode)
    {
        try
        {
            (Socket socket, SocketFile file) = SocketFile.Listen(new ListenSettings { EndPoint = endPoint, SocketMode = mode });
            return new TraceListener(socket, file);
        }
        catch (MilterListenException exception)
        {
            throw new ToolException(ExitCode.Unreachable, exception.Message, exception);
        }
    }

    private static TraceListener OpenTcp(EndPoint address)
    {
        Socket? listener = null;
        try
        {
            EndPoint at = address is DnsEndPoint name ? new IPEndPoint(Dns.GetHostAddresses(name.Host, name.AddressFamily)[0], name.Port) : address;
            listener = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(at);
            listener.Listen();
            return new TraceListener(listener, null);
        }
        catch (SocketException exception)
        {
            listener?.Dispose();
            throw new ToolException(ExitCode.Unreachable, $"{address} can't be listened on: {exception.Message}. {(exception.SocketErrorCode == SocketError.AddressAlreadyInUse ? "Another program has it (the filter itself?): choose another." : "")}", exception);
        }
    }
}
