namespace Milter;

/// <summary>The sender and the recipients of a message.</summary>
public sealed class MessageEnvelope
{
}
