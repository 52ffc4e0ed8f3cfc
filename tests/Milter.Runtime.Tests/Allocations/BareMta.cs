using System.Net.Sockets;
using System.Text;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Allocations;

/// <summary>An MTA on a blocking socket that plays one message again and again, as fast as replies come.</summary>
internal sealed class BareMta : IDisposable
{
    private static readonly byte[] s_body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("A line of a body that is long enough to be a line.\r\n", 80)));

    // Far longer than any machine stalls: a reply that does not come is told and not waited for.
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 180_000 };
    private readonly FrameBuffer _frames = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly List<byte[]> _turns = [];
    private ProtocolSteps _waived;
    private int _unread;

    /// <summary>Connects and negotiates, up to HELO.</summary>
    public BareMta(UnixDomainSocketEndPoint endPoint)
    {
        _socket.Connect(endPoint);
        Step(default, default, () => CommandWriter.OptNeg(_frames, 6, MilterActions.All, (ProtocolSteps)0x1FFFFF));
        Play();
        _turns.Clear();
        Step(ProtocolSteps.NoConnect, ProtocolSteps.NoReplyConnect, () => CommandWriter.Connect(_frames, "mx.example.org"u8, ClientFamily.IPv4, 25, "192.0.2.1"u8));
        Step(ProtocolSteps.NoHelo, ProtocolSteps.NoReplyHelo, () => CommandWriter.Helo(_frames, "mx.example.org"));
        Play();
        _turns.Clear();
        Step(ProtocolSteps.NoMail, ProtocolSteps.NoReplyMail, () =>
        {
            CommandWriter.Macros(_frames, MilterCommand.Mail, [KeyValuePair.Create("i", "4ABCDEF")]);
            CommandWriter.Mail(_frames, Sender, "SIZE=4711");
        });
        foreach (string recipient in Recipients)
        {
            Step(ProtocolSteps.NoRcpt, ProtocolSteps.NoReplyRcpt, () => CommandWriter.Rcpt(_frames, recipient));
        }

        Step(ProtocolSteps.NoData, ProtocolSteps.NoReplyData, () => CommandWriter.Data(_frames));
        foreach ((string name, string value) in Fields)
        {
            Step(ProtocolSteps.NoHeaders, ProtocolSteps.NoReplyHeader, () => CommandWriter.Header(_frames, name, value));
        }

        Step(ProtocolSteps.NoEndOfHeaders, ProtocolSteps.NoReplyEndOfHeaders, () => CommandWriter.EndOfHeaders(_frames));
        Step(ProtocolSteps.NoBody, ProtocolSteps.NoReplyBody, () => CommandWriter.Body(_frames, s_body));
        Step(default, default, () => CommandWriter.EndOfMessage(_frames));
    }

    public static string Sender => "<sender@example.org>";

    public static IReadOnlyList<string> Recipients { get; } = ["<one@example.net>", "<two@example.net>"];

    public static IReadOnlyList<(string Name, string Value)> Fields { get; } =
        [.. Enumerable.Range(0, 12).Select(i => (i == 5 ? "Subject" : $"X-Field-{i:00}", "some words as a value"))];

    /// <summary>Gets how many times the message's frames wait for a reply.</summary>
    public int Turns => _turns.Count;

    /// <summary>Says one turn of the message without waiting.</summary>
    public void Send(int turn) => _socket.Send(_turns[turn]);

    /// <summary>Waits for the reply to that turn.</summary>
    public void Receive(int turn)
    {
        bool isReplied = false;
        while (!isReplied)
        {
            int end = _unread + _socket.Receive(_buffer.AsSpan(_unread));
            if (end == _unread)
            {
                throw new InvalidOperationException($"the filter has closed the connection in turn {turn}");
            }

            int at = 0;
            while (FrameReader.TryRead(_buffer.AsSpan(at, end - at), MilterLimits.MaxPayload, out Frame frame, out int length) == FrameStatus.Complete)
            {
                at += length;
                isReplied |= EndsReply(frame);
            }

            _buffer.AsSpan(at, end - at).CopyTo(_buffer);
            _unread = end - at;
        }
    }

    /// <summary>Plays the message from the first turn to the last.</summary>
    public void Play()
    {
        for (int turn = 0; turn < _turns.Count; turn++)
        {
            Send(turn);
            Receive(turn);
        }
    }

    /// <summary>Says QUIT and waits for the other end to close.</summary>
    public void Quit()
    {
        _frames.Clear();
        CommandWriter.Quit(_frames);
        _socket.Send(_frames.WrittenSpan);
        while (_socket.Receive(_buffer.AsSpan()) > 0)
        {
            // Nothing is owed; what counts is the end.
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _frames.Dispose();
    }

    // What is not waited for goes out with the next that is.
    private void Step(ProtocolSteps no, ProtocolSteps noReply, Action write)
    {
        if ((_waived & no) != 0)
        {
            return;
        }

        write();
        if ((_waived & noReply) == 0)
        {
            _turns.Add(_frames.WrittenSpan.ToArray());
            _frames.Clear();
        }
    }

    private bool EndsReply(Frame frame)
    {
        switch (frame.Reply)
        {
            case MilterReply.OptNeg:
                Assert.True(OptNegPayload.TryRead(frame.Payload, out OptNegPayload agreed, out string? error), error);
                _waived = agreed.Steps;
                return true;
            case MilterReply.Continue or MilterReply.Accept:
                return true;
            case MilterReply.AddHeader or MilterReply.InsertHeader or MilterReply.ChangeHeader or MilterReply.ReplaceBody or MilterReply.AddRecipient:
                return false;
            default:
                throw new InvalidOperationException($"unexpected reply '{(char)frame.Reply}'");
        }
    }
}
