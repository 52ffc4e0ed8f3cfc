using System.Collections;
using System.Globalization;
using System.Text;
using Milter.Message;
using Milter.Protocol;

namespace Milter;

/// <summary>The ESMTP arguments of MAIL or RCPT (RFC 5321 section 4.1.2): keywords, most with a value.</summary>
/// <remarks>Valid as long as its <see cref="EnvelopeAddress"/>. Keywords compare without case. Empty where the MTA sends none (Postfix's cleanup, Stalwart).</remarks>
public sealed class EsmtpArguments : IEnumerable<KeyValuePair<string, string?>>
{
    private readonly EnvelopeAddress _owner;

    internal EsmtpArguments(EnvelopeAddress owner) => _owner = owner;

    /// <summary>Gets the number of arguments.</summary>
    /// <exception cref="InvalidOperationException">The address is used after its time.</exception>
    public int Count => _owner.ArgumentStrings.Count();

    /// <summary>Gets the size that the client has announced, in bytes (<c>SIZE</c> of MAIL, RFC 1870); <see langword="null"/> where there is none or it is no number.</summary>
    /// <exception cref="InvalidOperationException">The address is used after its time.</exception>
    public long? Size => long.TryParse(this["SIZE"], NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : null;

    /// <summary>Gets what the client says of the message's bytes (<c>BODY</c> of MAIL); <see langword="null"/> where it says nothing, or nothing that is known.</summary>
    /// <exception cref="InvalidOperationException">The address is used after its time.</exception>
    public EsmtpBody? Body => this["BODY"]?.ToUpperInvariant() switch
    {
        "7BIT" => EsmtpBody.SevenBit,
        "8BITMIME" => EsmtpBody.EightBitMime,
        "BINARYMIME" => EsmtpBody.BinaryMime,
        _ => null,
    };

    /// <summary>Gets a value indicating whether the client asks for internationalized mail (<c>SMTPUTF8</c> of MAIL, RFC 6531).</summary>
    /// <exception cref="InvalidOperationException">The address is used after its time.</exception>
    public bool IsSmtpUtf8 => Contains("SMTPUTF8");

    /// <summary>Gets how much of the message is to come back with a notification (<c>RET</c> of MAIL); <see langword="null"/> where nothing is said, or nothing that is known.</summary>
    /// <exception cref="InvalidOperationException">The address is used after its time.</exception>
    public DsnReturn? Return => this["RET"]?.ToUpperInvariant() switch
    {
        "FULL" => DsnReturn.Full,
        "HDRS" => DsnReturn.Headers,
        _ => null,
    };

    /// <summary>Gets the client's own name for the message (<c>ENVID</c> of MAIL, RFC 3461 section 4.4), decoded; <see langword="null"/> where there is none.</summary>
    /// <exception cref="InvalidOperationException">The address is used after its time.</exception>
    public string? EnvelopeId => Decoded("ENVID");

    /// <summary>Gets when the client wants to be notified (<c>NOTIFY</c> of RCPT); <see langword="null"/> where it says nothing, or something malformed.</summary>
    /// <exception cref="InvalidOperationException">The address is used after its time.</exception>
    public DsnNotify? Notify
    {
        get
        {
            if (this["NOTIFY"]?.ToUpperInvariant() is not { } value || value == "NEVER")
            {
                return Contains("NOTIFY") ? DsnNotify.Never : null;
            }

            DsnNotify all = DsnNotify.Never;
            foreach (string word in value.Split(','))
            {
                DsnNotify one = word switch { "SUCCESS" => DsnNotify.Success, "FAILURE" => DsnNotify.Failure, "DELAY" => DsnNotify.Delay, _ => DsnNotify.Never };
                if (one == DsnNotify.Never)
                {
                    return null;
                }

                all |= one;
            }

            return all;
        }
    }

    /// <summary>Gets whom the message was for at first (<c>ORCPT</c> of RCPT); <see langword="null"/> where nothing is said, or something malformed.</summary>
    /// <exception cref="InvalidOperationException">The address is used after its time.</exception>
    public OriginalRecipient? OriginalRecipient => this["ORCPT"] is { } value && value.IndexOf(';', StringComparison.Ordinal) is > 0 and var semicolon
        ? new OriginalRecipient(value[..semicolon], Xtext.Decode(value[(semicolon + 1)..]))
        : null;

    /// <summary>Gets the value of an argument.</summary>
    /// <param name="keyword">The keyword, such as <c>SIZE</c>, in any case.</param>
    /// <value>What follows the <c>=</c>, as it was sent; empty for a keyword without a value (enumerate to tell <c>X</c> from <c>X=</c>); <see langword="null"/> where there is no such argument. The first counts.</value>
    /// <exception cref="InvalidOperationException">The address is used after its time.</exception>
    public string? this[string keyword] => TryFind(keyword, out ReadOnlySpan<byte> value) ? WireText.GetString(value) : null;

    /// <summary>Says whether there is such an argument, with a value or without.</summary>
    /// <param name="keyword">The keyword, in any case.</param>
    /// <returns>Whether there is.</returns>
    /// <exception cref="InvalidOperationException">The address is used after its time.</exception>
    public bool Contains(string keyword) => TryFind(keyword, out _);

    /// <summary>Gets the value of an argument whose value is in <c>xtext</c> (RFC 3461 section 4): <c>ENVID</c>, <c>ORCPT</c>, <c>AUTH</c>.</summary>
    /// <param name="keyword">The keyword, in any case.</param>
    /// <returns>The value with each <c>+</c> and two hexadecimal digits replaced by their byte; a <c>+</c> without them stays. <see langword="null"/> where there is no such argument.</returns>
    /// <exception cref="InvalidOperationException">The address is used after its time.</exception>
    public string? Decoded(string keyword) => TryFind(keyword, out ReadOnlySpan<byte> value) ? Xtext.Decode(value) : null;

    /// <summary>Enumerates the arguments in the order in which they were sent.</summary>
    /// <returns>Keywords as they were sent, and values: empty for <c>X=</c>, <see langword="null"/> for <c>X</c>.</returns>
    /// <exception cref="InvalidOperationException">The address is used after its time.</exception>
    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator()
    {
        var arguments = new List<KeyValuePair<string, string?>>(Count);
        foreach (ReadOnlySpan<byte> argument in _owner.ArgumentStrings)
        {
            int equals = argument.IndexOf((byte)'=');
            arguments.Add(new(
                WireText.GetString(equals < 0 ? argument : argument[..equals]),
                equals < 0 ? null : WireText.GetString(argument[(equals + 1)..])));
        }

        return arguments.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Gives the arguments with spaces between them, as in the SMTP command.</summary>
    /// <returns>Such as <c>SIZE=100 BODY=8BITMIME</c>; empty where there are none.</returns>
    /// <exception cref="InvalidOperationException">The address is used after its time.</exception>
    public override string ToString() => string.Join(' ', _owner.ArgumentStrings.ToStrings());

    private bool TryFind(string keyword, out ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(keyword);
        foreach (ReadOnlySpan<byte> argument in _owner.ArgumentStrings)
        {
            int equals = argument.IndexOf((byte)'=');
            if (Ascii.EqualsIgnoreCase(equals < 0 ? argument : argument[..equals], keyword))
            {
                value = equals < 0 ? default : argument[(equals + 1)..];
                return true;
            }
        }

        value = default;
        return false;
    }
}
