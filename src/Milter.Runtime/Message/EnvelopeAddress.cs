using Milter.Message;
using Milter.Protocol;

namespace Milter;

/// <summary>A sender or recipient of the envelope with its ESMTP arguments (RFC 5321 section 4.1.2; <c>xxfi_envfrom</c>, <c>xxfi_envrcpt</c>).</summary>
/// <remarks>
/// Valid until the handler completes; one that is part of <see cref="MessageEnvelope"/> until the message ends. Afterwards its members throw.
/// MTAs send addresses as the client wrote them: with angle brackets from SMTP, without from Postfix's cleanup, and in the client's case.
/// </remarks>
public sealed class EnvelopeAddress
{
    private readonly ByteArena _text = new();
    private EsmtpArguments? _arguments;
    private Slice _raw;
    private Slice _argumentBytes;
    private AddressParts _parts;
    private bool _live;
    private string? _rawText;
    private string? _addressText;
    private string? _localPart;
    private string? _domain;

    internal EnvelopeAddress()
    {
    }

    /// <summary>Gets the address as it was sent, angle brackets kept, without arguments.</summary>
    /// <exception cref="InvalidOperationException">The handler or message that it belongs to has ended.</exception>
    public string Raw => _rawText ??= WireText.GetString(RawBytes);

    /// <summary>Gets <see cref="Raw"/> as bytes.</summary>
    /// <exception cref="InvalidOperationException">The handler or message that it belongs to has ended.</exception>
    public ReadOnlySpan<byte> RawBytes
    {
        get
        {
            ThrowIfLate();
            return _text[_raw];
        }
    }

    /// <summary>Gets the address without brackets and without a source route (<c>@relay,@other:</c>).</summary>
    /// <value>Empty for the null sender.</value>
    /// <exception cref="InvalidOperationException">The handler or message that it belongs to has ended.</exception>
    public string Address => _addressText ??= WireText.GetString(AddressBytes);

    /// <summary>Gets <see cref="Address"/> as bytes.</summary>
    /// <exception cref="InvalidOperationException">The handler or message that it belongs to has ended.</exception>
    public ReadOnlySpan<byte> AddressBytes => RawBytes.Slice(_parts.Start, _parts.Length);

    /// <summary>Gets what stands before the last <c>@</c> outside quotes; the whole address where there is none.</summary>
    /// <value>As it was sent: case, quotes and backslashes kept.</value>
    /// <exception cref="InvalidOperationException">The handler or message that it belongs to has ended.</exception>
    public string LocalPart => _localPart ??= WireText.GetString(LocalPartBytes);

    /// <summary>Gets the domain: what stands after the last <c>@</c> outside quotes.</summary>
    /// <value>As it was sent, an address literal with its brackets; empty where there is none. Compare it without case.</value>
    /// <exception cref="InvalidOperationException">The handler or message that it belongs to has ended.</exception>
    public string Domain => _domain ??= WireText.GetString(DomainBytes);

    /// <summary>Gets a value indicating whether this is the null sender: <c>&lt;&gt;</c>, or nothing at all from Postfix's cleanup.</summary>
    /// <exception cref="InvalidOperationException">The handler or message that it belongs to has ended.</exception>
    public bool IsNull => AddressBytes.IsEmpty;

    /// <summary>Gets the ESMTP arguments, such as <c>SIZE=100</c> or <c>NOTIFY=NEVER</c>.</summary>
    /// <exception cref="InvalidOperationException">The handler or message that it belongs to has ended.</exception>
    public EsmtpArguments Arguments
    {
        get
        {
            ThrowIfLate();
            return _arguments ??= new EsmtpArguments(this);
        }
    }

    /// <summary>Gets a value indicating whether the client asked for internationalized mail (<c>SMTPUTF8</c>, RFC 6531). Only MAIL tells it.</summary>
    /// <exception cref="InvalidOperationException">The handler or message that it belongs to has ended.</exception>
    public bool IsSmtpUtf8 => Arguments.Contains("SMTPUTF8");

    /// <summary>Gets the bytes that it holds on to.</summary>
    internal int Kept => _text.Capacity;

    internal ReadOnlySpan<byte> LocalPartBytes => RawBytes.Slice(_parts.Start, _parts.At < 0 ? _parts.Length : _parts.At - _parts.Start);

    internal ReadOnlySpan<byte> DomainBytes => RawBytes[(_parts.At < 0 ? _parts.Start + _parts.Length : _parts.At + 1)..(_parts.Start + _parts.Length)];

    internal NulStrings ArgumentStrings
    {
        get
        {
            ThrowIfLate();
            return new NulStrings(_text[_argumentBytes]);
        }
    }

    /// <summary>Gives <see cref="Address"/>.</summary>
    /// <returns>The address without brackets; <c>(ended)</c> after its time.</returns>
    public override string ToString() => _live ? Address : "(ended)";

    /// <summary>Takes the payload of a MAIL or RCPT: address NUL, then each argument NUL.</summary>
    internal void Set(ReadOnlySpan<byte> payload)
    {
        Clear();
        Slice all = _text.Add(payload);
        int nul = payload.IndexOf((byte)0);
        _raw = all with { Length = nul < 0 ? all.Length : nul };
        _argumentBytes = nul < 0 ? default : new Slice(nul + 1, all.Length - nul - 1);
        _parts = AddressParts.Of(_text[_raw]);
        _live = true;
    }

    internal void Clear()
    {
        _live = false;
        _text.Clear();
        _raw = default;
        _argumentBytes = default;
        _parts = default;
        _rawText = null;
        _addressText = null;
        _localPart = null;
        _domain = null;
    }

    private void ThrowIfLate() => Late.ThrowUnless(_live, nameof(EnvelopeAddress), "its handler completes (in MessageEnvelope: until the message ends)");
}
