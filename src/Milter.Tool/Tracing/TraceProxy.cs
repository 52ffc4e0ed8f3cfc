using System.Net;
using System.Net.Sockets;
using Milter.Client;
using Milter.Protocol;
using Milter.Testing;

namespace Milter.Tool;

/// <summary>Stands between an MTA and its filter, passes every byte on, and shows what is said.</summary>
internal sealed class TraceProxy(EndPoint upstream, Terminal terminal, RecordingParts keep, string? save)
{
    private const int MaxFrame = 1 << 20;

    private int _lost;

    /// <summary>Gets a value indicating whether a conversation could not be recorded.</summary>
    public bool HasLost => Volatile.Read(ref _lost) > 0;

    /// <summary>Passes one connection on until both ends are closed.</summary>
    public async Task PassAsync(Socket mta, int number, CancellationToken cancellation)
    {
        var recording = new MilterRecording(keep);
        var session = new TracedSession(number, terminal, recording, keep);
        using (mta)
        using (Socket filter = NewSocket(upstream))
        {
            try
            {
                await filter.ConnectAsync(upstream, cancellation);
                Task fromMta = PumpAsync(mta, filter, session, fromFilter: false, cancellation);
                Task fromFilter = PumpAsync(filter, mta, session, fromFilter: true, cancellation);
                Task first = await Task.WhenAny(fromMta, fromFilter);
                session.End(first == fromMta ? "the MTA has closed" : "the filter has closed");
                await Task.WhenAll(fromMta, fromFilter);
            }
            catch (SocketException exception)
            {
                session.Complain(exception.Message);
            }
            catch (OperationCanceledException)
            {
                session.End("the trace is ended");
            }
        }

        if (save is not null)
        {
            Save(recording, session, number == 1 ? save : Path.Combine(Path.GetDirectoryName(save)!, $"{Path.GetFileNameWithoutExtension(save)}-{number}{Path.GetExtension(save)}"));
        }
    }

    /// <summary>A disk that is full by now is told with the conversation that is lost; those that follow are passed on all the same.</summary>
    private void Save(MilterRecording recording, TracedSession session, string path)
    {
        try
        {
            recording.Save(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Interlocked.Increment(ref _lost);
            session.Complain($"NOT RECORDED in {path}: {exception.Message}");
        }
    }

    public static Socket NewSocket(EndPoint endPoint) => endPoint is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(endPoint.AddressFamily == AddressFamily.Unspecified ? AddressFamily.InterNetwork : endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private static async Task PumpAsync(Socket from, Socket to, TracedSession session, bool fromFilter, CancellationToken cancellation)
    {
        byte[] buffer = new byte[64 * 1024];
        var pending = new List<byte>();
        bool isReadable = true;
        while (await from.ReceiveAsync(buffer, cancellation) is > 0 and var count)
        {
            if (isReadable)
            {
                pending.AddRange(buffer.AsSpan(0, count));
                isReadable = Show(pending, session, fromFilter);
            }

            for (ReadOnlyMemory<byte> rest = buffer.AsMemory(0, count); !rest.IsEmpty;)
            {
                rest = rest[await to.SendAsync(rest, cancellation)..];
            }
        }

        if (pending.Count > 0 && isReadable)
        {
            session.Complain($"{(fromFilter ? "the filter" : "the MTA")} has closed in the middle of a packet");
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private static bool Show(List<byte> pending, TracedSession session, bool fromFilter)
    {
        byte[] bytes = [.. pending];
        int start = 0;
        while (true)
        {
            FrameStatus status = FrameReader.TryRead(bytes.AsSpan(start), MaxFrame, out Frame frame, out int length);
            if (status == FrameStatus.Complete)
            {
                session.See(fromFilter, frame.Code, frame.Payload);
                start += length;
                continue;
            }

            pending.RemoveRange(0, start);
            if (status != FrameStatus.Incomplete)
            {
                session.Complain($"{(fromFilter ? "the filter" : "the MTA")} sends what is no packet of the protocol; it is passed on, and shown no more");
            }

            return status == FrameStatus.Incomplete;
        }
    }
}
