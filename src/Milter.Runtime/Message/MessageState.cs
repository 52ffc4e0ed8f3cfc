namespace Milter.Message;

/// <summary>What is kept of one message; used again for the next.</summary>
/// <param name="collectedHeaders">The names that <c>[Header]</c> parameters take (<see cref="MilterDescriptor.CollectedHeaders"/>).</param>
/// <param name="bodyLimits">How much of a body is kept, and where.</param>
internal sealed class MessageState(IReadOnlyList<string> collectedHeaders, BodyLimits bodyLimits)
{
    public MessageState()
        : this([], BodyLimits.Default)
    {
    }

    public MessageEnvelope Envelope { get; } = new();

    public MessageHeaders Headers { get; } = new();

    public NamedHeaders NamedHeaders { get; } = new(collectedHeaders);

    public MessageBody Body { get; } = new(bodyLimits);

    /// <summary>A message begins: before anything of MAIL is collected.</summary>
    public void Begin()
    {
        Envelope.Begin();
        Headers.Begin();
        NamedHeaders.Reset();
        Body.Begin();
    }

    /// <summary>The message has ended: what handlers got of it throws from now on.</summary>
    public void Reset()
    {
        Envelope.Reset();
        Headers.Reset();
        NamedHeaders.Reset();
        Body.Reset();
    }

    /// <summary>
    /// Ends the message while a handler may still be running: as <see cref="Reset"/>, but no memory goes back to a pool from which another message
    /// could get it. The object is not used again.
    /// </summary>
    public void Abandon()
    {
        Envelope.Reset();
        Headers.Reset();
        Body.Abandon();
    }
}
