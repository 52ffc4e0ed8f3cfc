namespace Milter.Message;

/// <summary>What is kept of one message.</summary>
internal sealed class MessageState
{
    public MessageEnvelope Envelope { get; } = new();

    public MessageHeaders Headers { get; } = new();

    public MessageBody Body { get; } = new();

    public NamedHeaders NamedHeaders { get; } = new();
}
