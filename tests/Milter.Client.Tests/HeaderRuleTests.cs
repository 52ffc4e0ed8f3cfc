using Milter.Protocol;

namespace Milter.Client.Tests;

/// <summary>Positions, numbers and spellings of header modifications, as captured from both MTAs (protocol.md 3.5) and read in Sendmail's source.</summary>
public class HeaderRuleTests
{
    private const string Received = "Received";

    [Theory]
    [InlineData(0, "X Received A B", "X Received A B")]
    [InlineData(1, "Received X A B", "Received X A B")]
    [InlineData(2, "Received A X B", "Received X A B")]
    [InlineData(3, "Received A B X", "Received X A B")]
    [InlineData(0x7FFFFFFF, "Received A B X", "Received A B X")]
    public void A_field_is_inserted_at(long index, string postfix, string sendmail)
    {
        MilterModification insert = Modification(MilterReply.InsertHeader, "X", "x", index);
        Assert.Equal(postfix, Names("Postfix", "A: 1\nB: 2\n", insert));
        Assert.Equal(sendmail, Names("Sendmail", "A: 1\nB: 2\n", insert));
    }

    [Fact]
    public void Added_fields_go_to_the_end_but_with_Sendmail_before_the_first_of_their_name()
    {
        MilterModification add = Modification(MilterReply.AddHeader, "B", "new");
        Assert.Equal("A: 1|B: 2|C: 3|B: new", Fields("Postfix", "A: 1\nB: 2\nC: 3\n", add));
        Assert.Equal("A: 1|B: new|B: 2|C: 3", Fields("Sendmail", "A: 1\nB: 2\nC: 3\n", add));
    }

    [Fact]
    public void A_field_that_Sendmail_would_add_itself_stays_where_it_would_stand()
    {
        MilterModification add = Modification(MilterReply.AddHeader, "Message-Id", "<new>");
        Assert.Equal("A: 1|Message-Id: <new>", Fields("Postfix", "A: 1\n", add));
        Assert.Equal("Message-Id: <new>|A: 1", Fields("Sendmail", "A: 1\n", add));
    }

    [Fact]
    public void Deleting_the_first_twice_deletes_two_with_Postfix_and_one_with_Sendmail()
    {
        MilterModification[] twice = [Modification(MilterReply.ChangeHeader, "A", "", 1), Modification(MilterReply.ChangeHeader, "A", "", 1)];
        Assert.Equal("A: 3", Fields("Postfix", "A: 1\nA: 2\nA: 3\n", twice));
        Assert.Equal("A: 2|A: 3", Fields("Sendmail", "A: 1\nA: 2\nA: 3\n", twice));
    }

    [Fact]
    public void Deleting_from_the_last_down_is_the_same_with_both()
    {
        MilterModification[] down = [Modification(MilterReply.ChangeHeader, "A", "", 2), Modification(MilterReply.ChangeHeader, "A", "", 1)];
        Assert.Equal("A: 3", Fields("Postfix", "A: 1\nA: 2\nA: 3\n", down));
        Assert.Equal("A: 3", Fields("Sendmail", "A: 1\nA: 2\nA: 3\n", down));
    }

    [Fact]
    public void A_changed_field_has_the_filters_spelling_with_Postfix_and_the_clients_with_Sendmail()
    {
        MilterModification change = Modification(MilterReply.ChangeHeader, "SUBJECT", "new", 0);
        Assert.Equal("SUBJECT: new", Fields("Postfix", "Subject: old\n", change));
        Assert.Equal("Subject: new", Fields("Sendmail", "Subject: old\n", change));
    }

    [Theory]
    [InlineData("Postfix")]
    [InlineData("Sendmail")]
    public void The_MTAs_own_Received_is_not_counted(string mta)
    {
        MilterModification change = Modification(MilterReply.ChangeHeader, Received, "changed", 1);
        Assert.Equal("Received: own|Received: changed", Fields(mta, "Received: other\n", ownReceived: true, change));
    }

    [Theory]
    [InlineData("Postfix", "X: a\n\tb\n c")]
    [InlineData("Sendmail", "X: a\n b\n c")]
    public void A_line_without_white_space_gets_some(string mta, string field) =>
        Assert.Equal(field, Fields(mta, "", Modification(MilterReply.AddHeader, "X", "a\nb\n c")));

    [Fact]
    public void Sendmail_delivers_no_fields_of_other_mailers_no_blind_copies_and_no_resent_fields_alone()
    {
        MilterModification[] added = [.. new[] { "Bcc", "Resent-To", "Return-Path" }.Select(name => Modification(MilterReply.AddHeader, name, "x"))];
        Assert.Equal("A: 1|Bcc:", Fields("Sendmail", "A: 1\nBcc: b\nFull-Name: N\nContent-Length: 5\n", added));
        Assert.Equal("A: 1|Resent-From: r|Bcc:|Resent-To: x", Fields("Sendmail", "A: 1\nResent-From: r\n", added));
    }

    [Fact]
    public void Postfix_drops_some_fields_of_the_client_and_delivers_those_of_the_filter() =>
        Assert.Equal("A: 1|Full-Name: N|Bcc: x", Fields("Postfix", "A: 1\nBcc: b\nFull-Name: N\nContent-Length: 5\nReturn-Path: <p>\n", Modification(MilterReply.AddHeader, "Bcc", "x")));

    [Theory]
    [InlineData("Postfix")]
    [InlineData("Sendmail")]
    public void A_CR_of_the_filters_stays(string mta) =>
        Assert.Equal("X: a\r\n\tb", Fields(mta, "", new HeaderAdded(MailHeader.Verbatim("X", " a\r\n\tb"))));

    [Fact]
    public void The_header_is_read_and_written_as_it_was()
    {
        const string text = "Subject: a\n\tb\nX-Empty:\nX-None:x\nX-Two:  y\n\nline\n.dot\n";
        MailContent content = MailContent.Parse(text.Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.Equal(text, content.ToString());
        Assert.Equal(["a\n\tb", "", "x", " y"], content.Headers.Select(header => header.Value));
    }

    private static MilterModification Modification(MilterReply action, string name, string value, long index = 0) => action switch
    {
        MilterReply.AddHeader => new HeaderAdded(AsWritten(name, value)),
        MilterReply.InsertHeader => new HeaderInserted(index, AsWritten(name, value)),
        _ when value.Length == 0 => new HeaderRemoved(index, name),
        _ => new HeaderChanged(index, AsWritten(name, value)),
    };

    // A filter is not held to what a caller is: it may write lines without white space.
    private static MailHeader AsWritten(string name, string value) => MailHeader.Verbatim(name, " " + value);

    private static string Names(string mta, string header, params MilterModification[] modifications) =>
        string.Join(' ', Apply(mta, header, ownReceived: true, modifications).Select(field => field.Name));

    private static string Fields(string mta, string header, params MilterModification[] modifications) => Fields(mta, header, ownReceived: false, modifications);

    private static string Fields(string mta, string header, bool ownReceived, params MilterModification[] modifications) =>
        string.Join('|', Apply(mta, header, ownReceived, modifications));

    private static IEnumerable<MailHeader> Apply(string mta, string header, bool ownReceived, MilterModification[] modifications)
    {
        MailTransaction message = Mail.Message(header + "\nbody\n");
        message.Received = ownReceived ? new MailHeader(Received, "own") : null;
        return message.Apply(modifications, ConversationTests.Named(mta)).Content.Headers;
    }
}
