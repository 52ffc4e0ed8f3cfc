namespace Milter.Runtime.Tests.Message;

/// <summary>Protects that an envelope holds its own message's sender and recipients, and that nothing reaches over from one message to the next.</summary>
public sealed class MessageEnvelopeTests
{
    [Fact]
    public void It_has_the_sender_from_MAIL_on()
    {
        var envelope = new MessageEnvelope();
        envelope.Begin();
        Assert.Contains("before MAIL", Assert.Throws<InvalidOperationException>(() => envelope.Sender).Message, StringComparison.Ordinal);

        envelope.SetSender(Told.Payload("<a@b>", "SIZE=1"));

        Assert.Equal("a@b", envelope.Sender.Address);
        Assert.Empty(envelope.Recipients);
    }

    [Fact]
    public void It_has_the_recipients_in_order()
    {
        MessageEnvelope envelope = Told.Message().WithEnvelope(Told.Payload("<>"), "<a@b>", "<c@d>", "<a@b>").Envelope;

        Assert.Equal(["a@b", "c@d", "a@b"], envelope.Recipients.Select(one => one.Address));
        Assert.Equal("c@d", envelope.Recipients[1].Address);
        Assert.Throws<ArgumentOutOfRangeException>(() => envelope.Recipients[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => envelope.Recipients[-1]);
    }

    [Fact]
    public void The_next_message_starts_without_sender_and_recipients()
    {
        MessageEnvelope envelope = Told.Message().WithEnvelope(Told.Payload("<a@b>"), "<c@d>", "<e@f>").Envelope;
        EnvelopeAddress kept = envelope.Recipients[1];

        envelope.Begin();

        Assert.Empty(envelope.Recipients);
        Assert.False(envelope.HasSender);
        Assert.Throws<InvalidOperationException>(() => kept.Address);

        envelope.AddRecipient(Told.Payload("<g@h>"));
        Assert.Equal(["g@h"], envelope.Recipients.Select(one => one.Address));
        Assert.Throws<InvalidOperationException>(() => kept.Address);
    }

    [Fact]
    public void After_the_message_it_throws()
    {
        MessageEnvelope envelope = Told.Message().WithEnvelope(Told.Payload("<a@b>"), "<c@d>").Envelope;
        IReadOnlyList<EnvelopeAddress> recipients = envelope.Recipients;

        envelope.Reset();

        Assert.Throws<InvalidOperationException>(() => envelope.Sender);
        Assert.Throws<InvalidOperationException>(() => envelope.Recipients);
        Assert.Throws<InvalidOperationException>(() => recipients.Count);
        Assert.Throws<InvalidOperationException>(() => recipients[0]);
    }

    [Fact]
    public void A_message_with_many_recipients_does_not_keep_them_all()
    {
        var envelope = new MessageEnvelope();
        envelope.Begin();
        for (int i = 0; i < 1_000; i++)
        {
            envelope.AddRecipient(Told.Payload($"<{i}@example.org>"));
        }

        EnvelopeAddress first = envelope.Recipients[0], late = envelope.Recipients[999];
        envelope.Begin();

        for (int i = 0; i < 1_000; i++)
        {
            envelope.AddRecipient(Told.Payload("<x@y>"));
        }

        Assert.Same(first, envelope.Recipients[0]);
        Assert.DoesNotContain(late, envelope.Recipients);
        Assert.Equal(1_000, envelope.Recipients.Count);
    }
}
