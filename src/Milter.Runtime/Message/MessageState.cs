using Milter.Limits;

namespace Milter.Message;

/// <summary>What is kept of one message: as much as the filter's parameters take, and no more. Used again for the next.</summary>
/// <param name="descriptor">Says what is collected.</param>
/// <param name="options">How much of it is kept: more is refused, so that no message can take all memory.</param>
/// <param name="limits">What all connections share.</param>
internal sealed class MessageState(MilterDescriptor descriptor, MilterOptions options, ProcessLimits limits) : IDisposable
{
    private int _fields;
    private int _fieldBytes;

    public MessageEnvelope Envelope { get; } = new();

    public MessageHeaders Headers { get; } = new();

    public NamedHeaders NamedHeaders { get; } = new(descriptor.CollectedHeaders, descriptor.CollectedHeaderValues);

    public MessageBody Body { get; } = new(options, limits);

    /// <summary>Gets the body, or <see langword="null"/> where nobody has asked to keep it.</summary>
    public MessageBody? KeptBody => Collects(CollectedData.Body) ? Body : null;

    /// <summary>Gets a value indicating whether more of the body is of no use to what collects it: nobody does, or it is over its cap.</summary>
    public bool BodyHasEnough => !Collects(CollectedData.Body) || Body.HasEnough;

    /// <summary>A message begins: before anything of MAIL is collected.</summary>
    public void Begin()
    {
        Envelope.Begin();
        Headers.Begin();
        NamedHeaders.Reset();
        Body.Begin();
        (_fields, _fieldBytes) = (0, 0);
    }

    /// <summary>Takes the sender, which handlers may keep until the message's end.</summary>
    public void SetSender(ReadOnlySpan<byte> payload) => Envelope.SetSender(payload);

    /// <summary>Takes a recipient that this filter let pass.</summary>
    /// <returns><see langword="false"/> when there are too many.</returns>
    public bool TryAddRecipient(ReadOnlySpan<byte> payload)
    {
        if (!Collects(CollectedData.Recipients))
        {
            return true;
        }

        if (Envelope.Recipients.Count >= options.MaxRecipients || Envelope.Size + payload.Length > options.MaxEnvelopeSize)
        {
            return false;
        }

        Envelope.AddRecipient(payload);
        return true;
    }

    /// <summary>Takes a header field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="hidden">How many bytes at the value's beginning are not shown to handlers: the space behind the colon, where it is not theirs to see.</param>
    /// <returns><see langword="false"/> when there are too many, or too many bytes of them.</returns>
    public bool TryAddHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int hidden = 0)
    {
        CollectedData collects = descriptor.Collects;
        if ((collects & (CollectedData.Headers | CollectedData.HeaderNames | CollectedData.NamedHeaders)) == 0)
        {
            return true;
        }

        int most = options.MaxHeaderSize;
        _fields++;
        _fieldBytes += Math.Min(name.Length + value.Length - hidden, most);
        if (_fields > options.MaxHeaderFields || _fieldBytes > most)
        {
            return false;
        }

        if ((collects & CollectedData.NamedHeaders) != 0)
        {
            NamedHeaders.Offer(name, value[hidden..]);
        }

        if ((collects & (CollectedData.Headers | CollectedData.HeaderNames)) != 0)
        {
            Headers.Add(name, value, namesOnly: (collects & CollectedData.Headers) == 0, hidden);
        }

        return true;
    }

    /// <summary>Takes a chunk of the body.</summary>
    public void AppendBody(ReadOnlySpan<byte> chunk)
    {
        if (Collects(CollectedData.Body))
        {
            Body.Append(chunk);
        }
    }

    /// <summary>Opens the message as it came.</summary>
    /// <param name="hasSpace">Whether header values came with the space behind the colon.</param>
    /// <exception cref="InvalidOperationException">It was not collected, or the body is not there.</exception>
    public Stream Open(bool hasSpace)
    {
        ThrowUnlessKept();
        return new MessageStream(Headers, hasSpace, Body);
    }

    /// <summary>Refuses a message that was not collected, or whose body is not there.</summary>
    public void ThrowUnlessKept()
    {
        if (!Collects(CollectedData.Headers) || !Collects(CollectedData.Body))
        {
            throw new InvalidOperationException("The message was not collected: [Needs(Headers = true, Body = true)] on the binder that is announced asks for it.");
        }

        Body.ThrowUnlessAvailable();
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
    /// <returns>What takes its place.</returns>
    public MessageState Abandon()
    {
        Envelope.Reset();
        Headers.Reset();
        NamedHeaders.Reset();
        Body.Abandon();
        return new MessageState(descriptor, options, limits);
    }

    public void Dispose() => Body.Reset();

    private bool Collects(CollectedData data) => (descriptor.Collects & data) != 0;
}
