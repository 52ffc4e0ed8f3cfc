using Milter.Conformance.Tests.Filters;
using Milter.Conformance.Tests.Plans;
using Milter.Conformance.Tests.Wire;
using Milter.Protocol;

namespace Milter.Conformance.Tests.Deviations;

/// <summary>
/// Protects what AttrMilter does with commands in an order that libmilter does not hear, or hears twice: every command that waits for a
/// reply gets one, and exactly one. The D numbers are rows of tests/conformance/README.md.
/// </summary>
[Collection(ConformanceCollection.Name)]
public class OrderDeviationTests(ConformanceFixture fixture)
{
    private Talk Connect() => new(fixture.Probe.SocketPath(leadingSpace: false));

    [Theory]
    [InlineData('R', "<r@x>\0")]
    [InlineData('T', "")]
    [InlineData('L', "A\0b\0")]
    [InlineData('N', "")]
    [InlineData('B', "x")]
    [InlineData('E', "")]
    [InlineData('C', "again\0U")]
    public void D03_a_command_where_none_is_due_is_answered(char command, string payload)
    {
        using Talk talk = Connect().Greeted();

        talk.Expect('c', command, payload);

        // And what comes next is as if nothing had been.
        talk.Expect('r', 'H', "reject.helo.probe.test\0");
        talk.Quit();
    }

    [Fact]
    public void D03_DATA_without_RCPT_and_EOM_without_EOH_are_answered()
    {
        using Talk talk = Connect().Greeted();

        talk.Expect('c', 'M', "<s@x>\0");
        talk.Expect('c', 'T');
        talk.Expect('c', 'E');
        talk.Envelope();
        talk.Do("add X-A v");
        Assert.Equal([new('h', "X-A\0v\0"), Talk.Continue], talk.Ask('E'));
        talk.Quit();
    }

    [Fact]
    public void D03_what_comes_after_the_verdict_that_ended_a_message_gets_it_again()
    {
        using Talk talk = Connect().Greeted();

        talk.Expect('a', 'M', "<accept@mail.probe.test>\0");
        talk.Expect('a', 'R', "<r@x>\0");
        talk.Expect('a', 'E');
        talk.Expect('c', 'M', "<s@x>\0");
        talk.Quit();
    }

    [Fact]
    public void D03_a_command_before_the_negotiation_ends_the_connection()
    {
        using Talk talk = Connect();

        talk.Send('C', "reject.connect.probe.test\0U");

        talk.ExpectClosed();
    }

    [Fact]
    public void D03_CONNECT_after_an_ABORT_is_heard()
    {
        using Talk talk = Connect().Negotiated();

        talk.Send('A');
        talk.Expect('r', 'C', "reject.connect.probe.test\0U");
        talk.Quit();
    }

    [Theory]
    [InlineData("refused at its end")]
    [InlineData("only greeted")]
    [InlineData("aborted")]
    [InlineData("open")]
    public void D05_QUIT_NC_begins_a_new_session_wherever_it_comes(string where)
    {
        using Talk talk = Connect().Greeted();
        switch (where)
        {
            case "refused at its end":
                talk.Envelope();
                talk.Decide("eom=reject");
                Assert.Equal('r', Assert.Single(talk.Finish()).Code);
                break;
            case "aborted":
                talk.Envelope();
                talk.Send('A');
                break;
            case "open":
                talk.Envelope("XDATA=continue");
                break;
        }

        talk.Send('K');
        talk.Expect('c', 'C', "next.example.test\0U");

        Packet[] answer = talk.Message("echo");
        Assert.StartsWith("X-Probe-Seen\0host=next.example.test family=unknown addr=- port=- helo=- from=<s@example.test> fromargs=- ", answer[0].Payload, StringComparison.Ordinal);
        talk.Quit();
    }

    [Fact]
    public void D07_RCPT_after_a_refused_DATA_goes_on_with_the_message()
    {
        using Talk talk = Connect().Greeted();

        talk.Expect('c', 'M', "<s@x>\0XDATA=tempfail\0");
        talk.Expect('c', 'R', "<one@x>\0");
        talk.Expect('t', 'T');
        talk.Expect('c', 'R', "<two@x>\0");
        talk.Expect('r', 'R', "<reject@rcpt.probe.test>\0");
        talk.Do("echo");
        Packet[] answer = talk.Finish();

        Assert.Contains("rcpts=<one@x>,<two@x>,<reject@rcpt.probe.test> ", answer[0].Payload, StringComparison.Ordinal);
        Assert.Equal(Talk.Continue, answer[^1]);
        talk.Quit();
    }

    [Fact]
    public void D08_a_second_negotiation_is_answered_and_holds()
    {
        using Talk talk = Connect().Greeted();

        string answer = talk.Negotiate(new Offer(6, MilterActions.AddHeaders, 0));

        Assert.Equal("\0\0\0\x06\0\0\0\x01\0\0\0\0", answer);
        Assert.Equal([new('h', "X-Probe-Refused\0body\0"), Talk.Continue], talk.Message("body x"));
        talk.Quit();
    }

    [Fact]
    public void D09_end_of_message_with_bytes_gets_one_reply()
    {
        using Talk talk = Connect().Greeted();

        talk.Envelope();
        talk.Decide("body=reject");
        talk.Expect('c', 'N');
        talk.Expect('r', 'E', "the body's end");
        talk.Expect('r', 'H', "reject.helo.probe.test\0");
        talk.Quit();
    }

    [Fact]
    public void D10_UNKNOWN_changes_nothing_wherever_it_comes()
    {
        using Talk talk = Connect().Negotiated();
        const string Probe = "PROBE reject\0";

        talk.Expect('r', 'U', Probe);
        talk.Expect('c', 'C', Talk.Client());
        talk.Expect('c', 'M', "<s@x>\0");
        talk.Expect('r', 'U', Probe);
        talk.Expect('c', 'R', "<r@x>\0");
        talk.Expect('r', 'U', Probe);
        talk.Do("echo");
        talk.Expect('r', 'U', Probe);
        talk.Expect('c', 'N');
        talk.Expect('r', 'U', Probe);
        talk.Expect('c', 'B', "123456789");
        talk.Expect('r', 'U', Probe);
        Packet[] answer = talk.Ask('E');

        Assert.Equal("X-Probe-Seen\0host=mx.example.test family=inet addr=192.0.2.1 port=4242 helo=- from=<s@x> fromargs=- rcpts=<r@x> headers=1 body=9 crc=cbf43926\0", answer[0].Payload);
        talk.Quit();
    }

    [Fact]
    public void D23_BODY_after_SKIP_is_answered_with_continue()
    {
        using Talk talk = Connect().Greeted();

        talk.Envelope();
        talk.Decide("body=skip");
        talk.Expect('c', 'N');
        talk.Expect('s', 'B', "1234");
        talk.Expect('c', 'B', "56789");
        talk.Expect('c', 'E');
        talk.Quit();
    }

    [Fact]
    public void D25_a_refused_recipient_of_mail_that_did_not_come_by_SMTP_is_told_later()
    {
        using Talk talk = Connect().Negotiated();
        Local(talk);

        talk.Expect('c', 'R', "reject@rcpt.probe.test\0");

        Packet[] answers = [.. talk.Ask('T'), .. talk.Ask('N'), .. talk.Ask('E')];
        Assert.Contains(new Packet('r', ""), answers);
        talk.Quit();
    }

    [Fact]
    public void D25_no_recipient_after_it_is_refused()
    {
        using Talk talk = Connect().Negotiated();
        Local(talk);

        talk.Expect('c', 'R', "reject@rcpt.probe.test\0");
        talk.Expect('c', 'R', "r@example.test\0");
        talk.Quit();
    }

    // What Postfix's cleanup makes up.
    private static void Local(Talk talk)
    {
        talk.Expect('c', 'C', "localhost\04\0\0" + "127.0.0.1\0");
        talk.Expect('c', 'H', "localhost\0");
        talk.Expect('c', 'M', "s@example.test\0");
    }
}
