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

    [Fact]
    public void Local_parts_compare_exactly_and_unknown_ones_send_nothing()
    {
        _bench.Begin();
        Assert.False(Envelope.RemoveRecipient("alice@example.org"));
        Assert.False(Envelope.RemoveRecipient("nobody@example.org"));
        Assert.True(Envelope.RemoveRecipient("\"a b\"@EXAMPLE.org"));

        Assert.Equal(["- <\"a b\"@example.org>"], _bench.Packets());
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
    public void What_is_not_one_address_is_refused(string address)
    {
        _bench.Begin();
        Assert.Throws<ArgumentException>(() => Envelope.AddRecipient(address));
        Assert.Throws<ArgumentException>(() => Envelope.RemoveRecipient(address));
        Assert.Throws<ArgumentException>(() => Envelope.ChangeSender(address + "\n"));
        Assert.Throws<ArgumentException>(() => Envelope.AddRecipient("a@b", "NOTIFY=NEVER\0"));

        Assert.Empty(_bench.Packets());
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
