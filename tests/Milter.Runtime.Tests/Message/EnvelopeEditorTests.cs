using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects what envelope edits become on the wire: deletions as RCPT spelled them and first, one address each, nothing that was not there.</summary>
public sealed class EnvelopeEditorTests
{
    private readonly PlanBench _bench = new(Told.Message().WithEnvelope(Told.Payload("<s@example.org>"), "<Alice@Example.org>", "bob@example.org", "<\"a b\"@example.org>", "<bob@EXAMPLE.org>"));

    private EnvelopeEditor Envelope => _bench.Plan.EnvelopeEditor;

    [Fact]
    public void Deletions_go_first_then_additions_then_the_sender()
    {
        _bench.Begin();
        Envelope.ChangeSender("new@example.org", "RET=HDRS ENVID=1");
        Envelope.AddRecipient("carol@example.org");
        Envelope.AddRecipient("<dave@example.org>", "NOTIFY=NEVER");
        Assert.True(Envelope.RemoveRecipient("Alice@example.ORG"));

        Assert.Equal(["- <Alice@Example.org>", "+ <carol@example.org>", "2 <dave@example.org> NOTIFY=NEVER", "e <new@example.org> RET=HDRS ENVID=1"], _bench.Packets());
    }

    [Fact]
    public void A_recipient_is_removed_in_every_spelling_that_RCPT_had()
    {
        _bench.Begin();
        Assert.True(Envelope.RemoveRecipient("bob@example.org"));
        Assert.False(Envelope.RemoveRecipient("<bob@example.org>"));

        Assert.Equal(["- bob@example.org", "- <bob@EXAMPLE.org>"], _bench.Packets());
    }

    // A sender chooses the spelling, and the mail gets to the same mailbox.
    [Fact]
    public void Every_spelling_of_a_mailbox_is_removed_and_who_is_not_there_sends_nothing()
    {
        string[] spellings = ["<ALICE@example.org>", "<\"alice\"@Example.org>", "<alice@example.org.>", "<al(x)ice@example.org>", "alice@example.org"];
        var bench = new PlanBench(Told.Message().WithEnvelope(Told.Payload("<s@example.org>"), spellings));
        bench.Begin();
        Assert.False(bench.Plan.EnvelopeEditor.RemoveRecipient("nobody@example.org"));
        Assert.True(bench.Plan.EnvelopeEditor.RemoveRecipient("Alice@example.org"));

        Assert.Equal(spellings.Select(spelling => "- " + spelling), bench.Packets());
    }

    // Postfix keeps the address without its source route.
    [Fact]
    public void A_source_route_is_left_out()
    {
        var bench = new PlanBench(Told.Message().WithEnvelope(Told.Payload("<s@example.org>"), "<@relay.example,@other.example:Alice@Example.org>", "<bob@example.org>"));
        bench.Begin();
        Assert.True(bench.Plan.EnvelopeEditor.RemoveRecipient("alice@example.org"));
        bench.Plan.EnvelopeEditor.AddRecipient("bob@example.org");

        Assert.Equal(["- <Alice@Example.org>"], bench.Packets());
    }

    [Theory]
    [InlineData("<a b@example.org>")]
    [InlineData("<a@b@c>")]
    [InlineData("<a(b@c>")]
    [InlineData("<\"a@b>")]
    [InlineData("<a\udcff@b>")]
    [InlineData("<@relay:a b@c>")]
    public void What_the_MTA_has_taken_is_removed_however_odd(string odd)
    {
        Milter.Message.MessageState message = Told.Message().WithEnvelope(Told.Payload("<s@example.org>"), odd, "<b@example.org>");
        var bench = new PlanBench(message);
        bench.Begin();
        EnvelopeAddress recipient = message.Envelope.Recipients[0];
        Assert.True(bench.Plan.EnvelopeEditor.RemoveRecipient(recipient));
        Assert.False(bench.Plan.EnvelopeEditor.RemoveRecipient(recipient.Address));

        Assert.Equal([$"- {odd.Replace("@relay:", "", StringComparison.Ordinal)}"], bench.Packets());
    }

    // Postfix would deliver to it twice.
    [Fact]
    public void Who_is_there_is_added_only_after_a_removal()
    {
        _bench.Begin();
        Envelope.AddRecipient("Alice@example.org");
        Envelope.AddRecipient("<bob@example.org>", "NOTIFY=NEVER");
        Assert.True(Envelope.RemoveRecipient("Alice@example.org"));
        Envelope.AddRecipient("Alice@example.org", "NOTIFY=NEVER");

        Assert.Equal(["- <Alice@Example.org>", "2 <Alice@example.org> NOTIFY=NEVER"], _bench.Packets());
    }

    [Fact]
    public void Calls_go_together_in_their_order()
    {
        _bench.Begin();
        Envelope.AddRecipient("x@y");
        Envelope.AddRecipient("x@Y", "NOTIFY=NEVER");
        Assert.True(Envelope.RemoveRecipient("Alice@example.org"));
        Envelope.AddRecipient("Alice@example.org");
        Envelope.AddRecipient("z@y");
        Assert.True(Envelope.RemoveRecipient("z@y"));
        Envelope.ChangeSender("first@y");
        Envelope.ChangeSender("");

        Assert.Equal(["- <Alice@Example.org>", "2 <x@Y> NOTIFY=NEVER", "+ <Alice@example.org>", "e <>"], _bench.Packets());
        Assert.Equal(4, _bench.Outcome.Sent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<>")]
    [InlineData("a@b NOTIFY=NEVER")]
    [InlineData("a@b> NOTIFY=NEVER")]
    [InlineData("a@b><c@d")]
    [InlineData("a\r\n@b")]
    [InlineData("a\0@b")]
    [InlineData("\"a@b")]
    [InlineData("a@b\\")]
    [InlineData("a@b,c@d")]
    [InlineData("a@b..c")]
    [InlineData("|/bin/true")]
    public void What_is_not_one_address_is_refused(string address)
    {
        _bench.Begin();
        Assert.Throws<ArgumentException>(() => Envelope.AddRecipient(address));
        Assert.False(Envelope.RemoveRecipient(address));
        Assert.Throws<ArgumentException>(() => Envelope.ChangeSender(address + "\n"));
        Assert.Throws<ArgumentException>(() => Envelope.AddRecipient("a@b", "NOTIFY=NEVER\0"));

        Assert.Empty(_bench.Packets());
    }

    // Sendmail would leave such a recipient out, and say so to the client.
    [Theory]
    [InlineData("NOTIFY=x")]
    [InlineData("NOTIFY")]
    [InlineData("NOTIFY=NEVER,SUCCESS")]
    [InlineData("ORCPT=x")]
    [InlineData("ORCPT=rfc822;a+b@c")]
    [InlineData("SIZE=1")]
    [InlineData("FOO")]
    public void Arguments_that_RCPT_does_not_have_are_refused(string arguments)
    {
        _bench.Begin();
        Assert.Contains(arguments, Assert.Throws<ArgumentException>(() => Envelope.AddRecipient("a@b", $"NOTIFY=NEVER {arguments}")).Message, StringComparison.Ordinal);
        Envelope.AddRecipient("a@b", "notify=success,Delay  ORCPT=rfc822;a+2Bb@c");
        Assert.Throws<ArgumentException>(() => Envelope.ChangeSender("a@b", "RET=x"));
        Assert.Throws<ArgumentException>(() => Envelope.ChangeSender("a@b", "ENVID=a+b"));

        Assert.Equal(["2 <a@b> notify=success,Delay ORCPT=rfc822;a+2Bb@c"], _bench.Packets());
    }

    [Fact]
    public void Odd_addresses_that_are_one_are_taken()
    {
        _bench.Begin();
        Envelope.AddRecipient("\"a> b\"@c");
        Envelope.AddRecipient("jörg@bücher.example", " ");
        Envelope.AddRecipient("postmaster");

        Assert.Equal(["+ <\"a> b\"@c>", "+ <jörg@bücher.example>", "+ <postmaster>"], _bench.Packets());
    }

    [Fact]
    public void What_is_only_nice_to_have_says_whether_it_is_there()
    {
        _bench.Begin(MilterActions.AddRecipients | MilterActions.DeleteRecipients);

        Assert.False(Envelope.CanChangeSender);
        Assert.False(Envelope.CanAddArguments);
        Assert.Contains("SMFIF_CHGFROM", Assert.Throws<InvalidOperationException>(() => Envelope.ChangeSender("a@b")).Message, StringComparison.Ordinal);
        Assert.Contains("SMFIF_ADDRCPT_PAR", Assert.Throws<InvalidOperationException>(() => Envelope.AddRecipient("a@b", "NOTIFY=NEVER")).Message, StringComparison.Ordinal);
        Envelope.AddRecipient("a@b");

        Assert.Equal(["+ <a@b>"], _bench.Packets());
    }
}
