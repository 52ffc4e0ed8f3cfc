using System.Net;
using System.Net.Sockets;
using System.Text;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Transport;

/// <summary>The MTA's side of a connection, a step at a time.</summary>
internal sealed class Mta(Socket socket) : IDisposable
{
    // Far more than any machine stalls: a reply that does not come is told and not waited for.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private byte[] _bytes = [];

    /// <summary>OPTNEG, CONNECT, HELO and MAIL.</summary>
    public static byte[] UpToMail { get; } = Frames(buffer =>
    {
        CommandWriter.OptNeg(buffer, 6, (MilterActions)0x1ff, (ProtocolSteps)0x1fffff);
        CommandWriter.Connect(buffer, "mx.example.org", ClientFamily.IPv4, 25, "192.0.2.1");
        CommandWriter.Helo(buffer, "mx.example.org");
        CommandWriter.Mail(buffer, "<a@example.org>");
    });

    public static byte[] Mail { get; } = Frames(buffer => CommandWriter.Mail(buffer, "<a@example.org>"));

    public static byte[] Rcpt { get; } = Frames(buffer => CommandWriter.Rcpt(buffer, "<b@example.org>"));

    public static byte[] Unknown { get; } = Frames(buffer => CommandWriter.Unknown(buffer, "XYZZY"));

    public static byte[] Quit { get; } = Frames(CommandWriter.Quit);

    /// <summary>DATA, a header, EOH, a body and EOM.</summary>
    public static byte[] Content { get; } = Frames(buffer =>
    {
        CommandWriter.Data(buffer);
        CommandWriter.Header(buffer, "Subject", "test");
        CommandWriter.EndOfHeaders(buffer);
        CommandWriter.Body(buffer, "Hello\r\n"u8);
        CommandWriter.EndOfMessage(buffer);
    });

    public Socket Socket => socket;

    public static byte[] Frames(Action<FrameBuffer> write)
    {
        using var buffer = new FrameBuffer();
        write(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public static async Task<Mta> ConnectAsync(MilterEndPoint endPoint)
    {
        bool isUnix = endPoint.Kind == MilterEndPointKind.Unix;
        EndPoint to = isUnix ? new UnixDomainSocketEndPoint(endPoint.Path!)
            : new IPEndPoint(endPoint.Kind == MilterEndPointKind.Inet6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, endPoint.Port);
        var socket = new Socket(to.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await socket.ConnectAsync(to);
        return new Mta(socket);
    }

    public async Task SendAsync(byte[] bytes) => await socket.SendAsync(bytes);

    /// <summary>Reads replies.</summary>
    /// <returns>Their codes, as <c>Occc</c>; a reply with a text as <c>y(421 …)</c>. Fewer than asked for where the server closes.</returns>
    public async Task<string> ReadAsync(int count)
    {
        var text = new StringBuilder();
        while (count > 0)
        {
            if (FrameReader.TryRead(_bytes, MilterLimits.MaxPayload, out Frame frame, out int length) == FrameStatus.Complete)
            {
                text.Append((char)frame.Code);
                if (frame.Reply == MilterReply.ReplyCode)
                {
                    text.Append('(').Append(Encoding.ASCII.GetString(frame.Payload[..^1])).Append(')');
                }

                _bytes = _bytes[length..];
                count--;
                continue;
            }

            var more = new byte[4096];
            using var patience = new CancellationTokenSource(s_patience);
            int read = await socket.ReceiveAsync(more, patience.Token);
            if (read == 0)
            {
                break;
            }

            _bytes = [.. _bytes, .. more.AsSpan(0, read)];
        }

        return text.ToString();
    }

    /// <summary>Sends, and reads the replies.</summary>
    public async Task<string> SayAsync(byte[] bytes, int replies)
    {
        await SendAsync(bytes);
        return await ReadAsync(replies);
    }

    /// <summary>Waits for the server to close.</summary>
    /// <returns>The codes of what it still sent.</returns>
    public Task<string> ReadToEndAsync() => ReadAsync(int.MaxValue);

    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();
}
