using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Transport;

/// <summary>An MTA on a thread of its own that sends messages whole, in pieces or several at once, on one connection after the other, and checks each answer.</summary>
[SuppressMessage("Security", "CA5394", Justification = "Repeatable on purpose.")]
internal sealed class StressMta(UnixDomainSocketEndPoint endPoint, int seed, int number, int messages)
{
    // Without a byte for as long, an answer is taken to be lost: far more than any machine stalls.
    private const int Patience = 180_000;

    private readonly Random _random = new((seed * 1_000) + number);
    private readonly FrameBuffer _frames = new();
    private readonly Queue<(char Code, string? Id)> _expected = new();
    private readonly byte[] _input = new byte[128 * 1024];
    private readonly byte[] _body = new byte[60_000];
    private Socket _socket = null!;
    private int _unread;

    public int Answered { get; private set; }

    public int Connections { get; private set; }

    public int HalfCloses { get; private set; }

    public int Resets { get; private set; }

    /// <summary>Sends them all.</summary>
    /// <exception cref="InvalidOperationException">An answer is lost, comes twice or out of order, or is another message's.</exception>
    public void Run()
    {
        while (Answered < messages)
        {
            using (_socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = Patience, SendTimeout = Patience })
            {
                try
                {
                    Converse();
                }
                catch (Exception e) when (e is SocketException or InvalidOperationException)
                {
                    throw new InvalidOperationException(
                        $"MTA {number}, connection {Connections}, after {Answered} messages: {e.Message} {_expected.Count} answers were awaited{(_expected.TryPeek(out var next) ? $", the next '{next.Code}' {next.Id}" : "")}.", e);
                }
            }
        }
    }

    private void Converse()
    {
        Connections++;
        _unread = 0;
        _socket.Connect(endPoint);
        CommandWriter.OptNeg(_frames, 6, MilterActions.All, (ProtocolSteps)0x1FFFFF);
        Expect('O');
        Exchange();
        for (int left = _random.Next(1, 400); left > 0 && Answered < messages; left--)
        {
            int batch = _random.Next(4) == 0 ? _random.Next(2, 5) : 1;
            for (int i = 0; i < batch; i++)
            {
                WriteMessage(isAlone: batch == 1);
            }

            Exchange();
            Answered += batch;
        }

        switch (_random.Next(4))
        {
            case 0:
                HalfClose();
                break;
            case 1:
                Reset();
                break;
            default:
                CommandWriter.Quit(_frames);
                Exchange();
                ReadToEnd();
                break;
        }
    }

    // The last message is still answered, and then the filter closes.
    private void HalfClose()
    {
        HalfCloses++;
        WriteMessage(isAlone: true);
        Send();
        _socket.Shutdown(SocketShutdown.Send);
        ReadReplies();
        Answered++;
        ReadToEnd();
    }

    private void Reset()
    {
        Resets++;
        WriteMessage(isAlone: true);
        _socket.Send(_frames.WrittenSpan[.._random.Next(_frames.Length)]);
        _frames.Clear();
        _expected.Clear();
    }

    private void WriteMessage(bool isAlone)
    {
        // A large answer is not for one who is still sending.
        string id = $"<{number}.{Connections}.{Answered}.{_expected.Count}{(isAlone && _random.Next(200) == 0 ? ".large" : "")}@x>";
        CommandWriter.Mail(_frames, id);
        Expect('c');
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            CommandWriter.Rcpt(_frames, "<b@example.org>");
            Expect('c');
        }

        for (int i = _random.Next(4); i > 0; i--)
        {
            CommandWriter.Header(_frames, "Subject", "some words");
        }

        bool isLong = _random.Next(100) == 0;
        for (int i = isLong ? 4 : 1; i > 0; i--)
        {
            CommandWriter.Body(_frames, _body.AsSpan(0, _random.Next(1, isLong ? _body.Length : 300)));
            Expect('c');
        }

        CommandWriter.EndOfMessage(_frames);
        Expect('h', id);
        Expect('c');
    }

    private void Expect(char code, string? id = null) => _expected.Enqueue((code, id));

    private void Exchange()
    {
        Send();
        ReadReplies();
    }

    // In one write or in some, cut anywhere.
    private void Send()
    {
        ReadOnlySpan<byte> rest = _frames.WrittenSpan;
        if (_random.Next(3) == 0)
        {
            for (int i = _random.Next(1, 6); i > 0 && rest.Length > 1; i--)
            {
                int cut = _random.Next(1, rest.Length);
                SendAll(rest[..cut]);
                rest = rest[cut..];
                if (_random.Next(4) == 0)
                {
                    Thread.Yield();
                }
            }
        }

        SendAll(rest);
        _frames.Clear();
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    private void ReadReplies()
    {
        while (_expected.Count > 0)
        {
            if (!Read())
            {
                throw new InvalidOperationException("The filter has closed the connection.");
            }
        }
    }

    private void ReadToEnd()
    {
        while (Read())
        {
            // Anything that comes now is too much, and found to be so.
        }

        if (_unread > 0)
        {
            throw new InvalidOperationException("The filter has closed the connection within a frame.");
        }
    }

    private bool Read()
    {
        int read = _socket.Receive(_input.AsSpan(_unread));
        int end = _unread + read;
        int at = 0;
        while (FrameReader.TryRead(_input.AsSpan(at, end - at), MilterLimits.MaxPayload, out Frame frame, out int length) == FrameStatus.Complete)
        {
            at += length;
            Check(frame);
        }

        _input.AsSpan(at, end - at).CopyTo(_input);
        _unread = end - at;
        return read > 0;
    }

    private void Check(Frame frame)
    {
        char code = (char)frame.Code;
        if (code is 'p' or 'b')
        {
            return;
        }

        (char expected, string? id) = _expected.TryDequeue(out (char, string?) next) ? next : default;
        if (code != expected || (id is not null && Encoding.ASCII.GetString(frame.Payload) != $"X-Id\0{id}\0"))
        {
            throw new InvalidOperationException($"The answer '{code}' {Encoding.ASCII.GetString(frame.Payload)} came where '{expected}' {id} was to come.");
        }
    }
}
