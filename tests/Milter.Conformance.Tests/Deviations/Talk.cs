using System.Buffers.Binary;
using Milter.Conformance.Tests.Plans;
using Milter.Conformance.Tests.Wire;

namespace Milter.Conformance.Tests.Deviations;

/// <summary>A connection on which anything can be said, in any order.</summary>
internal sealed class Talk : IDisposable
{
    public static readonly Packet Continue = new('c', "");

    private static readonly TimeSpan s_generous = TimeSpan.FromMinutes(2);

    private readonly MtaSocket _socket;

    public Talk(string socketPath) => _socket = new MtaSocket(socketPath, s_generous);

    /// <summary>Offers, and takes what is answered.</summary>
    public Talk Negotiated(Offer? offer = null)
    {
        Negotiate(offer ?? Offer.Everything);
        return this;
    }

    /// <summary>Negotiates, connects and says HELO.</summary>
    public Talk Greeted(Offer? offer = null)
    {
        Negotiated(offer);
        Expect('c', 'C', Client());
        Expect('c', 'H', "client.example.test\0");
        return this;
    }

    public static string Client(string host = "mx.example.test", string address = "192.0.2.1", char family = '4') => $"{host}\0{family}\x10\x92{address}\0";

    public string Negotiate(Offer offer)
    {
        byte[] payload = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(payload, offer.Version);
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(4), (uint)offer.Actions);
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(8), (uint)offer.Steps);
        Send('O', Bytes.Text(payload));
        Packet answer = _socket.Receive();
        Assert.Equal('O', answer.Code);
        return answer.Payload;
    }

    public void Send(char code, string payload = "") => _socket.Send(MtaSocket.FrameOf(code, payload));

    public void Macros(char command, params string[] namesAndValues) => Send('D', command + Bytes.Z(namesAndValues));

    /// <summary>Sends a command and expects this verdict and nothing before it.</summary>
    public void Expect(char verdict, char code, string payload = "")
    {
        Packet[] answer = Ask(code, payload);
        Assert.Equal([verdict], answer.Select(packet => packet.Code));
    }

    /// <summary>Sends a command and takes what comes, to the verdict.</summary>
    public Packet[] Ask(char code, string payload = "")
    {
        Send(code, payload);
        List<Packet> answer = [];
        do
        {
            answer.Add(_socket.Receive());
        }
        while (!answer[^1].IsVerdict);

        return [.. answer];
    }

    /// <summary>MAIL with these ESMTP arguments, RCPT and DATA.</summary>
    public void Envelope(params string[] arguments)
    {
        Expect('c', 'M', Bytes.Z(["<s@example.test>", .. arguments]));
        Expect('c', 'R', "<r@example.test>\0");
        Expect('c', 'T');
    }

    public void Do(string action) => Expect('c', 'L', Bytes.Z("X-Probe-Do", action));

    public void Decide(string word) => Expect('c', 'L', Bytes.Z("X-Probe-Verdict", word));

    /// <summary>EOH and EOM; gives what comes for EOM.</summary>
    public Packet[] Finish()
    {
        Expect('c', 'N');
        return Ask('E');
    }

    /// <summary>A whole message with these actions; gives what comes at its end.</summary>
    public Packet[] Message(params string[] actions)
    {
        Envelope();
        foreach (string action in actions)
        {
            Do(action);
        }

        return Finish();
    }

    /// <summary>Says QUIT, and expects that nothing has come that was not waited for.</summary>
    public void Quit()
    {
        Send('Q');
        ExpectClosed();
    }

    public void ExpectClosed() => Assert.Equal("", _socket.ReceiveRest());

    public void Dispose() => _socket.Dispose();
}
