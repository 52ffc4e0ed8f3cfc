using System.Net.Sockets;
using System.Text;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Peers;

/// <summary>Protects that filters work with MTAs which offer little and do otherwise than was agreed: Stalwart (stalwartlabs/mail-server at 55e62a6) and maddy, as read in their sources.</summary>
public sealed class OtherMtaTests
{
    // Of the steps it offers two, sends one of them although the filter does not want it, and waits for its reply. It has a connection for each stage.
    [Fact]
    public async Task Stalwart_waits_for_a_reply_to_EOH_though_it_has_agreed_not_to_send_it()
    {
        await using MilterServer server = await MilterServer.StartAsync<PeerFilter>("inet:0@127.0.0.1");
        using var mta = new RawMta(server);

        (MilterActions actions, ProtocolSteps steps) = mta.Negotiate(MilterActions.All & ~MilterActions.SetSymbolList, ProtocolSteps.NoHelo | ProtocolSteps.NoEndOfHeaders);
        Assert.Equal(0u, (uint)(steps & ~(ProtocolSteps.NoHelo | ProtocolSteps.NoEndOfHeaders)));
        Assert.True((actions & MilterActions.AddHeaders) != 0);

        // The client's HELO stands for a host name that is not known.
        Assert.Equal("c", mta.Ask(output => CommandWriter.Connect(output, "client.example.test", ClientFamily.IPv4, 4242, "192.0.2.7")));
        Assert.Equal("c", mta.Ask(output => CommandWriter.Mail(output, "<joe@example.test>")));
        Assert.Equal("c", mta.Ask(output => CommandWriter.Rcpt(output, "<ann@example.net>")));
        Assert.Equal("c", mta.Ask(CommandWriter.Data));
        Assert.Equal("c", mta.Ask(output => CommandWriter.Header(output, "Subject", "hi")));
        Assert.Equal("c", mta.Ask(CommandWriter.EndOfHeaders));
        Assert.Equal("c", mta.Ask(output => CommandWriter.Body(output, "body\r\n"u8)));
        Assert.Equal("i X-Seen:joe@example.test, c", mta.Ask(CommandWriter.EndOfMessage));
    }

    // No reply can be waived, and macros have no braces.
    [Fact]
    public async Task Maddy_offers_no_steps_and_two_actions()
    {
        await using MilterServer server = await MilterServer.StartAsync<PeerFilter>("inet:0@127.0.0.1");
        using var mta = new RawMta(server);

        (MilterActions actions, ProtocolSteps steps) = mta.Negotiate(MilterActions.AddHeaders | MilterActions.Quarantine, ProtocolSteps.None);
        Assert.Equal(MilterActions.AddHeaders, actions);

        // None are taken for those of version 1, as libmilter takes them. What maddy tells all the same is answered.
        Assert.Equal(0u, (uint)steps & ~0x3Fu);

        Assert.Equal("c", mta.Ask(output => CommandWriter.Connect(output, "client.example.test", ClientFamily.IPv4, 4242, "192.0.2.7")));
        Assert.Equal("c", mta.Ask(output => CommandWriter.Helo(output, "client.example.test")));
        Assert.Equal("c", mta.Ask(output =>
        {
            CommandWriter.Macros(output, MilterCommand.Mail, [new("i", "Q1"), new("auth_authen", "joe")]);
            CommandWriter.Mail(output, "joe@example.test");
        }));
        Assert.Equal("c", mta.Ask(output => CommandWriter.Rcpt(output, "ann@example.net")));
        Assert.Equal("c", mta.Ask(CommandWriter.Data));
        Assert.Equal("c", mta.Ask(output => CommandWriter.Header(output, "Subject", "hi")));
        Assert.Equal("c", mta.Ask(CommandWriter.EndOfHeaders));
        Assert.Equal("c", mta.Ask(output => CommandWriter.Body(output, "body\r\n"u8)));
        Assert.Equal("i X-Seen:joe@example.test joe, c", mta.Ask(CommandWriter.EndOfMessage));
    }

    /// <summary>An MTA that waits for a reply to everything.</summary>
    private sealed class RawMta : IDisposable
    {
        private readonly TcpClient _client;

        public RawMta(MilterServer server)
        {
            _client = new TcpClient { ReceiveTimeout = 60_000 };
            _client.Connect((System.Net.IPEndPoint)server.EndPoint.ToConnectAddress());
        }

        public (MilterActions Actions, ProtocolSteps Steps) Negotiate(MilterActions actions, ProtocolSteps steps)
        {
            Send(output => CommandWriter.OptNeg(output, 6, actions, steps));
            (MilterReply reply, byte[] payload) = Read();
            Assert.Equal(MilterReply.OptNeg, reply);
            Assert.True(OptNegPayload.TryRead(payload, out OptNegPayload agreed, out string? error), error);
            return (agreed.Actions, agreed.Steps);
        }

        /// <summary>Says something, and gives the answers up to the verdict.</summary>
        public string Ask(Action<FrameBuffer> write)
        {
            Send(write);
            var all = new List<string>();
            while (true)
            {
                (MilterReply reply, byte[] payload) = Read();
                string text = reply == MilterReply.InsertHeader ? " " + string.Join(':', Encoding.UTF8.GetString(payload[4..]).Split('\0', StringSplitOptions.RemoveEmptyEntries)) : "";
                all.Add((char)reply + text);
                if (reply != MilterReply.InsertHeader)
                {
                    return string.Join(", ", all);
                }
            }
        }

        public void Dispose() => _client.Dispose();

        private void Send(Action<FrameBuffer> write)
        {
            using var output = new FrameBuffer();
            write(output);
            _client.GetStream().Write(output.WrittenSpan);
        }

        private (MilterReply Reply, byte[] Payload) Read()
        {
            byte[] head = new byte[5];
            _client.GetStream().ReadExactly(head);
            byte[] payload = new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(head) - 1];
            _client.GetStream().ReadExactly(payload);
            return ((MilterReply)head[4], payload);
        }
    }
}

/// <summary>Wants the end of messages alone, and says who has sent them.</summary>
[Milter]
public sealed partial class PeerFilter
{
    [OnEom]
    private Verdict End(HeaderAdder headers, MessageEnvelope envelope, Authentication? login)
    {
        headers.Add("X-Seen", $"{envelope.Sender.Address} {login?.Identity}".TrimEnd());
        return Verdict.Continue;
    }
}
