namespace Milter.Message;

/// <summary>What is kept of one message: as much as the filter's parameters take, and no more.</summary>
/// <remarks>One a connection, used again for each of its messages.</remarks>
internal sealed class MessageState : IDisposable
{
    private readonly MilterDescriptor _descriptor;
    private readonly BodyLimits _limits;

    public MessageState(MilterDescriptor descriptor, BodyLimits limits)
    {
        _descriptor = descriptor;
        _limits = limits;
        NamedHeaders = new NamedHeaders(descriptor.CollectedHeaders);
        Body = new MessageBody(limits);
    }

    public MessageEnvelope Envelope { get; } = new();

    public MessageHeaders Headers { get; } = new();

    public NamedHeaders NamedHeaders { get; }

    public MessageBody Body { get; }

    /// <summary>Gets a value indicating whether the body is of no more use to what collects it: nobody does, or it is over its cap.</summary>
    public bool BodyHasEnough => !Collects(CollectedData.Body) || Body.State == MessageBodyState.OverCap;

    public void SetSender(ReadOnlySpan<byte> payload) => Envelope.SetSender(payload);

    public void AddRecipient(ReadOnlySpan<byte> payload)
    {
        if (Collects(CollectedData.Recipients))
        {
            Envelope.AddRecipient(payload);
        }
    }

    public void AddHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Collects(CollectedData.NamedHeaders))
        {
            NamedHeaders.Offer(name, value);
        }

        if (Collects(CollectedData.Headers | CollectedData.HeaderNames))
        {
            Headers.Add(name, value, namesOnly: !Collects(CollectedData.Headers));
        }
    }

    public void AppendBody(ReadOnlySpan<byte> chunk)
    {
        if (Collects(CollectedData.Body))
        {
            Body.Append(chunk);
        }
    }

    public void Reset()
    {
        Envelope.Reset();
        Headers.Reset();
        NamedHeaders.Reset();
        Body.Reset();
    }

    /// <summary>Makes a new one in the place of this, which a late handler may still hold.</summary>
    public MessageState Renew() => new(_descriptor, _limits);

    public void Dispose() => Body.Dispose();

    private bool Collects(CollectedData data) => (_descriptor.Collects & data) != 0;
}
