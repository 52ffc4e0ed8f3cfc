using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Milter.Client;
using Milter.Protocol;

namespace Milter.Testing;

/// <summary>Passes one connection between an MTA and its filter on, byte for byte, and has somebody see the packets.</summary>
internal static class PassingOn
{
    private const int MaxFrame = 1 << 20;

    /// <summary>Passes on until both ends are closed, one of them is lost, or it is given up.</summary>
    public static async Task RunAsync(Socket mta, EndPoint upstream, IPassedOn seen, CancellationToken cancellation)
    {
        try
        {
            using Socket filter = await Dialing.ConnectAsync(upstream, cancellation).ConfigureAwait(false);
            Task fromMta = PumpAsync(mta, filter, seen, fromFilter: false, cancellation);
            Task fromFilter = PumpAsync(filter, mta, seen, fromFilter: true, cancellation);
            Task first = await Task.WhenAny(fromMta, fromFilter).ConfigureAwait(false);
            seen.End(first == fromMta ? "the MTA has closed" : "the filter has closed");
            await Task.WhenAll(fromMta, fromFilter).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            seen.Complain(Dialing.Reason(upstream, exception));
        }
        catch (OperationCanceledException)
        {
            seen.End("the trace is ended");
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, IPassedOn seen, bool fromFilter, CancellationToken cancellation)
    {
        byte[] buffer = new byte[64 * 1024];
        var pending = new List<byte>();
        bool isReadable = true;
        while (await from.ReceiveAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            if (isReadable)
            {
                pending.AddRange(buffer.AsSpan(0, count));
                isReadable = Show(pending, seen, fromFilter);
            }

            for (ReadOnlyMemory<byte> rest = buffer.AsMemory(0, count); !rest.IsEmpty;)
            {
                rest = rest[await to.SendAsync(rest, cancellation).ConfigureAwait(false)..];
            }
        }

        if (pending.Count > 0 && isReadable)
        {
            seen.Complain($"{(fromFilter ? "the filter" : "the MTA")} has closed in the middle of a packet");
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private static bool Show(List<byte> pending, IPassedOn seen, bool fromFilter)
    {
        ReadOnlySpan<byte> bytes = CollectionsMarshal.AsSpan(pending);
        int start = 0;
        while (true)
        {
            FrameStatus status = FrameReader.TryRead(bytes[start..], MaxFrame, out Frame frame, out int length);
            if (status == FrameStatus.Complete)
            {
                seen.See(fromFilter, frame.Code, frame.Payload);
                start += length;
                continue;
            }

            pending.RemoveRange(0, start);
            if (status != FrameStatus.Incomplete)
            {
                seen.Complain($"{(fromFilter ? "the filter" : "the MTA")} sends what is no packet of the protocol; it is passed on, and shown no more");
            }

            return status == FrameStatus.Incomplete;
        }
    }
}
