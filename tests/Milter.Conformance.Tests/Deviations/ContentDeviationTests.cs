using Milter.Conformance.Tests.Filters;
using Milter.Conformance.Tests.Plans;
using Milter.Conformance.Tests.Wire;
using Milter.Protocol;

namespace Milter.Conformance.Tests.Deviations;

/// <summary>
/// Protects what AttrMilter does with contents that libmilter takes otherwise: macros that are over, texts that no reply can have, payloads
/// that are damaged. The D numbers are rows of tests/conformance/README.md.
/// </summary>
[Collection(ConformanceCollection.Name)]
public class ContentDeviationTests(ConformanceFixture fixture)
{
    private Talk Connect() => new(fixture.Probe.SocketPath(leadingSpace: false));

    [Fact]
    public void D01_the_macros_of_a_message_are_gone_with_it()
    {
        using Talk talk = Connect().Greeted();

        talk.Macros('M', "i", "Q1", "{mail_addr}", "first");
        Assert.Equal(Macro("{mail_addr}=first"), talk.Message("macro {mail_addr}")[0]);
        Assert.Equal(Macro("{mail_addr}"), talk.Message("macro {mail_addr}")[0]);

        talk.Macros('M', "{mail_addr}", "aborted");
        talk.Envelope();
        talk.Send('A');
        Assert.Equal(Macro("{mail_addr}"), talk.Message("macro {mail_addr}")[0]);
        talk.Quit();
    }

    [Fact]
    public void D01_the_macros_of_MAIL_survive_a_HELO_that_comes_between()
    {
        using Talk talk = Connect().Negotiated();

        talk.Macros('M', "{mail_addr}", "early");
        talk.Expect('c', 'H', "client.example.test\0");

        Assert.Equal(Macro("{mail_addr}=early"), talk.Message("macro {mail_addr}")[0]);
        talk.Quit();
    }

    [Fact]
    public void D02_a_reply_is_gone_with_its_verdict()
    {
        using Talk talk = Connect().Greeted();

        Assert.Equal([new('y', "550 5.7.1 old\0")], talk.Ask('M', "<reply:550:5.7.1:old@mail.probe.test>\0"));
        talk.Expect('r', 'M', "<reject@mail.probe.test>\0");
        talk.Quit();
    }

    [Fact]
    public void D04_HELO_without_its_NUL_is_answered()
    {
        using Talk talk = Connect().Negotiated();

        talk.Expect('r', 'H', "reject.helo.probe.test");
        talk.Quit();
    }

    [Theory]
    [InlineData("550:4.7.1:x")]
    [InlineData("450:5.7.1:x")]
    [InlineData("550:2.0.0:x|y")]
    public void D12_an_enhanced_code_of_another_class_is_no_reply(string reply) => ExpectAtHeader('c', $"header=reply:{reply}");

    [Theory]
    [InlineData("a\x01" + "b")]
    [InlineData("\x1b[31m")]
    [InlineData("\x7f")]
    public void D13_control_characters_are_no_reply(string text) => ExpectAtHeader('c', $"header=reply:550:5.7.1:{text}");

    [Theory]
    [InlineData("gr\xc3\xbc\xc3\x9f_|\xff\tx", "550-5.7.1 gr???? \r\n550 5.7.1 ?\tx\0")]
    public void D27_what_is_no_printable_ASCII_in_a_reply_is_replaced(string text, string reply)
    {
        using Talk talk = Connect().Greeted();
        talk.Envelope();
        Assert.Equal([new('y', reply)], talk.Ask('L', Bytes.Z("X-Probe-Verdict", $"header=reply:550:5.7.1:{text}")));
        talk.Quit();
    }

    [Fact]
    public void D28_a_reply_that_Sendmail_would_cut_is_none() =>
        ExpectAtHeader('c', $"header=reply:550:5.7.1:{string.Join('|', Enumerable.Repeat(new string('x', 980), 17))}");

    [Fact]
    public void D15_a_macro_is_found_with_and_without_its_braces()
    {
        using Talk talk = Connect().Greeted();

        talk.Macros('M', "{mail_addr}", "a", "plain", "b");

        Assert.Equal(
            [Macro("mail_addr=a"), Macro("{mail_addr}=a"), Macro("plain=b"), Macro("{plain}=b"), Talk.Continue],
            talk.Message("macro mail_addr", "macro {mail_addr}", "macro plain", "macro {plain}"));
        talk.Quit();
    }

    [Fact]
    public void D16_macros_of_HEADER_are_gone_after_it_and_EOM_comes_before_EOH()
    {
        using Talk talk = Connect().Greeted();

        talk.Envelope();
        talk.Macros('L', "{l}", "x");
        talk.Do("macro {l}");
        talk.Do("macro {a}");
        talk.Macros('N', "{a}", "eoh");
        talk.Expect('c', 'N');
        talk.Macros('E', "{a}", "eom");

        Assert.Equal([Macro("{l}"), Macro("{a}=eom"), Talk.Continue], talk.Ask('E'));
        talk.Quit();
    }

    [Fact]
    public void D17_a_macro_without_a_value_is_one_that_is_empty_or_not_set()
    {
        using Talk talk = Connect().Greeted();

        talk.Macros('M', "{a}", "1", "{odd}");
        Packet[] answer = talk.Message("macro {a}", "macro {odd}", "macro {other}");

        Assert.Equal(Macro("{a}=1"), answer[0]);
        Assert.Contains(answer[1], new[] { Macro("{odd}"), Macro("{odd}=") });
        Assert.Equal(Macro("{other}"), answer[2]);
        talk.Quit();
    }

    [Fact]
    public void D17_UNKNOWN_without_its_NUL_is_answered()
    {
        using Talk talk = Connect().Greeted();

        talk.Expect('r', 'U', "PROBE reject");
        talk.Quit();
    }

    [Theory]
    [InlineData('4', "127.1")]
    [InlineData('4', "0x7f.0.0.1")]
    [InlineData('4', "unknown")]
    [InlineData('6', "[2001:db8::1]")]
    public void D19_D21_a_client_whose_address_is_none_is_one_without_address(char family, string address)
    {
        using Talk talk = Connect().Negotiated();

        talk.Expect('c', 'C', Talk.Client(address: address, family: family));

        Assert.Contains(" addr=- port=4242 ", talk.Message("echo")[0].Payload, StringComparison.Ordinal);
        talk.Quit();
    }

    [Theory]
    [InlineData('M', "<a@b>", 'c')]
    [InlineData('L', "A\0b", 'c')]
    [InlineData('H', "", 'c')]
    [InlineData('U', "", 'c')]
    [InlineData('C', "h\04\0\x19" + "192.0.2.1", 'c')]
    public void D21_what_can_be_read_all_the_same_is_answered(char command, string payload, char verdict)
    {
        using Talk talk = Connect().Negotiated();

        talk.Expect(verdict, command, payload);
        talk.Quit();
    }

    [Theory]
    [InlineData('Z', "x")]
    [InlineData('M', "")]
    [InlineData('L', "\0v\0")]
    [InlineData('D', "")]
    [InlineData('C', "h\0X\0\x19x\0")]
    [InlineData('C', "h\04\0\x19")]
    public void D21_what_can_not_be_read_ends_the_connection(char command, string payload)
    {
        using Talk talk = Connect().Negotiated();

        talk.Send(command, payload);

        talk.ExpectClosed();
    }

    [Fact]
    public void D24_unknown_actions_are_not_asked_for()
    {
        using Talk talk = Connect();

        string answer = talk.Negotiate(new Offer(6, (MilterActions)0xFFFFFFFF, (ProtocolSteps)0x1FFFFF));

        Assert.Equal(0, answer[4] + answer[5]);
        talk.Quit();
    }

    [Fact]
    public void D26_an_empty_set_of_macros_takes_the_place_of_the_one_before()
    {
        using Talk talk = Connect().Greeted();

        talk.Expect('c', 'M', "<s@x>\0");
        talk.Macros('R', "{rcpt_addr}", "one");
        talk.Expect('c', 'R', "<one@x>\0");
        talk.Macros('R');
        talk.Expect('c', 'R', "<two@x>\0");
        talk.Do("macro {rcpt_addr}");

        Assert.Equal([Macro("{rcpt_addr}"), Talk.Continue], talk.Finish());
        talk.Quit();
    }

    private static Packet Macro(string shown) => new('h', Bytes.Z("X-Probe-Macro", shown));

    private void ExpectAtHeader(char verdict, string word)
    {
        using Talk talk = Connect().Greeted();
        talk.Envelope();
        talk.Expect(verdict, 'L', Bytes.Z("X-Probe-Verdict", word));
        talk.Quit();
    }
}
