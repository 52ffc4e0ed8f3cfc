using Milter.Protocol;
using Milter.Session;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects the order of the protocol: what is answered, what is not, and what handlers see of several messages on one connection.</summary>
public sealed class ConversationTests
{
    private const MilterStages All = (MilterStages)0x3FFF;

    [Fact]
    public void Every_step_is_answered_once_and_macros_aborts_and_quits_never()
    {
        var mta = new SessionDriver(SessionDriver.Everything());

        Assert.StartsWith("O:00000006000000ff00000400", mta.Negotiate(), StringComparison.Ordinal);
        Assert.Equal("", mta.Macros(MilterCommand.Connect, ("j", "mx.example.test")));
        Assert.Equal("c", mta.Connect());
        Assert.Equal("c", mta.Helo());
        Assert.Equal("c c c c c c c", mta.Message());
        Assert.Equal("", mta.Abort());
        Assert.Equal("c", mta.Unknown());
        Assert.Equal("", mta.Quit());
        Assert.True(mta.IsClosed);
        Assert.Equal(["Connect", "Helo", "Mail", "Rcpt", "Data", "Header", "Eoh", "Body", "Eom", "MessageEnd:Passed", "Unknown", "Close", "Dispose"], mta.Calls);
    }

    [Fact]
    public void Waived_replies_are_not_sent_and_the_handlers_run_all_the_same()
    {
        const ProtocolSteps waived = ProtocolSteps.NoReplyConnect | ProtocolSteps.NoReplyHelo | ProtocolSteps.NoReplyMail | ProtocolSteps.NoReplyRcpt
            | ProtocolSteps.NoReplyData | ProtocolSteps.NoReplyHeader | ProtocolSteps.NoReplyEndOfHeaders | ProtocolSteps.NoReplyBody | ProtocolSteps.NoReplyUnknown;
        var mta = new SessionDriver(SessionDriver.Need(All, waived));

        mta.Negotiate();
        Assert.Equal("", mta.Connect() + mta.Helo() + mta.Unknown());
        Assert.Equal("c", mta.Message());
        Assert.Equal(["Connect", "Helo", "Unknown", "Mail", "Rcpt", "Data", "Header", "Eoh", "Body", "Eom", "MessageEnd:Passed"], mta.Calls);
    }

    [Fact]
    public void A_reply_that_the_MTA_does_not_waive_is_sent_by_the_engine()
    {
        var mta = new SessionDriver(SessionDriver.Need(MilterStages.Eom, ProtocolSteps.NoConnect | ProtocolSteps.NoMail | ProtocolSteps.NoReplyHeader));

        // Version 2 knows neither NO_REPLY nor an end to CONNECT's and MAIL's NO flags: it offers the latter.
        Assert.StartsWith("O:00000002000000ff00000005", mta.Negotiate(2, 0x1FF, 0x7F), StringComparison.Ordinal);
        Assert.Equal("c", mta.Header());
        Assert.Equal("c", mta.Eom());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void Bytes_may_be_cut_anywhere(int size)
    {
        var mta = new SessionDriver(SessionDriver.Everything());
        using var all = new FrameBuffer();
        CommandWriter.OptNeg(all, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF);
        CommandWriter.Connect(all, "h"u8, ClientFamily.Unknown, 0, default);
        CommandWriter.Mail(all, "<a@b>");
        CommandWriter.Rcpt(all, "<c@d>");
        CommandWriter.Header(all, "A", "b");
        CommandWriter.EndOfHeaders(all);
        CommandWriter.EndOfMessage(all);

        string replies = string.Join(' ', all.WrittenSpan.ToArray().Chunk(Math.Min(size, all.Length)).Select(mta.SendRaw).Where(reply => reply.Length > 0));

        Assert.EndsWith(" c c c c c c", replies, StringComparison.Ordinal);
        Assert.Equal(["Connect", "Mail", "Rcpt", "Header", "Eoh", "Eom", "MessageEnd:Passed"], mta.Calls);
    }

    [Fact]
    public void Two_messages_on_one_connection_share_the_instance_and_nothing_else()
    {
        var mta = new SessionDriver(SessionDriver.Need(MilterStages.Mail | MilterStages.Eom, perMessage: true)).Started();
        mta.Message();
        mta.Message();

        Assert.Single(mta.Filters);
        Assert.Equal(["Mail", "Eom", "Reset", "Reset", "Mail", "Eom", "Reset"], mta.Calls);
    }

    [Fact]
    public void A_message_given_up_ends_once_however_often_the_MTA_says_so()
    {
        var mta = new SessionDriver(SessionDriver.Everything()).Started();
        mta.Mail();
        mta.Rcpt();
        mta.Abort();
        mta.Abort();
        mta.Abort();
        mta.Quit();

        Assert.Equal(["Abort", "MessageEnd:Aborted", "Close", "Dispose"], mta.Calls.Skip(4));
    }

    [Fact]
    public void A_new_MAIL_ends_the_message_before_it_where_the_MTA_is_silent_after_RSET()
    {
        var mta = new SessionDriver(SessionDriver.Everything()).Started();
        mta.Mail();
        Assert.Equal("c", mta.Mail());

        Assert.Equal(["Mail", "Abort", "MessageEnd:Aborted", "Mail"], mta.Calls.Skip(2));
    }

    [Fact]
    public void HELO_inside_a_message_gives_it_up_and_the_ABORT_that_follows_means_nothing()
    {
        var mta = new SessionDriver(SessionDriver.Everything()).Started();
        mta.Mail();
        Assert.Equal("c", mta.Helo());
        mta.Abort();

        Assert.Equal(["Mail", "Abort", "MessageEnd:Aborted", "Helo"], mta.Calls.Skip(2));
    }

    [Fact]
    public void Commands_out_of_order_are_answered_and_never_hang_the_MTA()
    {
        var mta = new SessionDriver(SessionDriver.Everything());
        mta.Negotiate();

        Assert.Equal("c", mta.Rcpt());
        Assert.Equal("c", mta.Eom());
        Assert.Equal("c", mta.Connect());
        Assert.Equal("c", mta.Connect());
        Assert.Equal("c", mta.Send(b => b.WriteFrame((byte)MilterCommand.Helo, "no final zero"u8)));
        Assert.Equal(1, mta.Calls.Count(call => call == "Connect"));
    }

    [Fact]
    public async Task QUIT_NC_ends_the_session_with_its_instance_and_keeps_the_terms()
    {
        var mta = new SessionDriver(SessionDriver.Everything()).Started();
        mta.Message();
        Assert.Equal("", mta.QuitNewConnection());
        Assert.Equal("c", mta.Connect());
        Assert.Equal("c c c c c c c", mta.Message());
        mta.Quit();
        await mta.EndAsync();

        Assert.Equal(2, mta.Filters.Count);
        Assert.All(mta.Filters, filter => Assert.Equal(["Close", "Dispose"], filter.Calls.TakeLast(2)));
    }

    [Fact]
    public void A_second_OPTNEG_is_answered_and_the_session_goes_on()
    {
        var mta = new SessionDriver(SessionDriver.Everything()).Started();
        Assert.StartsWith("O:00000006", mta.Negotiate(), StringComparison.Ordinal);
        Assert.Equal("c c c c c c c", mta.Message());
    }

    [Fact]
    public void Body_data_that_comes_with_EOM_is_seen_before_it_and_gets_one_reply()
    {
        var mta = new SessionDriver(SessionDriver.Everything()).Started();
        mta.Mail();
        mta.Rcpt();
        Assert.Equal("c", mta.Send(b => b.WriteFrame((byte)MilterCommand.EndOfMessage, "rest"u8)));
        Assert.Equal(["Body", "Eom", "MessageEnd:Passed"], mta.Calls.Skip(4));
    }

    [Fact]
    public void Refused_body_data_that_comes_with_EOM_gets_one_reply_too()
    {
        var mta = new SessionDriver(SessionDriver.Everything(), (stage, _) => new(stage == MilterStages.Body ? Verdict.Reject() : default)).Started();
        mta.Mail();
        Assert.Equal("r", mta.Send(b => b.WriteFrame((byte)MilterCommand.EndOfMessage, "rest"u8)));
        Assert.DoesNotContain("Eom", mta.Calls);
    }

    [Theory]
    [InlineData(false, 0x3FFFFFFFu, 0u, MilterLimits.MaxPayload)]
    [InlineData(true, 0x001FFFFFu, 0u, MilterLimits.MaxPayload)]
    [InlineData(true, 0x101FFFFFu, (uint)ProtocolSteps.MaxData256K, MilterLimits.MaxPayload256K)]
    [InlineData(true, 0x301FFFFFu, (uint)ProtocolSteps.MaxData1M, MilterLimits.MaxPayload1M)]
    public void Larger_data_is_taken_where_it_is_allowed_and_offered_and_never_asked_for_otherwise(bool allowed, uint offered, uint agreed, int most)
    {
        var mta = new SessionDriver(SessionDriver.Everything(), with: settings => settings.With(o => o.AllowLargeData = allowed));
        string answer = mta.Negotiate(6, 0x1FF, offered);
        uint steps = Convert.ToUInt32(answer[^8..], 16);
        Assert.Equal(agreed, steps & 0x70000000u);
        mta.Mail();
        Assert.Equal("c", mta.Send(b => b.WriteFrame((byte)MilterCommand.Body, new byte[most])));
        mta.Send(b => b.WriteFrame((byte)MilterCommand.Body, new byte[most + 1]));
        Assert.True(mta.IsClosed);
    }

    [Fact]
    public async Task A_lost_connection_ends_the_message_and_the_session()
    {
        var mta = new SessionDriver(SessionDriver.Everything()).Started();
        mta.Mail();
        await mta.EndAsync();

        Assert.Equal(["Abort", "MessageEnd:ConnectionLost", "Close", "Dispose"], mta.Calls.Skip(3));
    }

    [Fact]
    public async Task A_visit_that_sends_nothing_makes_no_instance()
    {
        var mta = new SessionDriver(SessionDriver.Everything());
        await mta.EndAsync();
        Assert.Empty(mta.Filters);
    }

    [Theory]
    [InlineData("EHLO mail.example.test\r\n", "SMTP")]
    [InlineData("GET / HTTP/1.1\r\n", "HTTP")]
    [InlineData("\u0016\u0003\u0001\u0002", "TLS")]
    public void Another_protocol_is_named_in_the_log(string bytes, string name)
    {
        var mta = new SessionDriver(SessionDriver.Everything());
        Assert.Equal("", mta.SendRaw([.. bytes.Select(c => (byte)c)]));
        Assert.True(mta.IsClosed);
        Assert.Contains(mta.Log.Lines, line => line.Contains($"looks like {name}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("7fffffff4d")]
    [InlineData("800000014d")]
    [InlineData("000000025a78")]
    [InlineData("000000094f00000006000001ff")]
    [InlineData("0000000d4f000000010000000f0000003f")]
    [InlineData("0000000144")]
    [InlineData("000000074300")]
    public void Garbage_closes_the_connection_with_a_line_in_the_log(string hex)
    {
        var mta = new SessionDriver(SessionDriver.Everything());
        byte[] bytes = Convert.FromHexString(hex);
        if (bytes is not [_, _, _, _, (byte)'O', ..])
        {
            mta.Negotiate();
        }

        mta.SendRaw([.. bytes, 0, 0, 0, 0, 0]);

        Assert.True(mta.IsClosed);
        Assert.Contains(mta.Log.Lines, line => line.StartsWith("Warning 203", StringComparison.Ordinal) || line.StartsWith("Error 201", StringComparison.Ordinal));
    }
}
