using System.Collections;
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
    public string? Decoded(string keyword)
    {
        if (!TryFind(keyword, out ReadOnlySpan<byte> value))
        {
            return null;
        }

        if (!value.Contains((byte)'+'))
        {
            return WireText.GetString(value);
        }

        byte[] decoded = new byte[value.Length];
        int length = 0;
        for (int i = 0; i < value.Length; i++)
        {
            bool escape = value[i] == '+' && i + 2 < value.Length && char.IsAsciiHexDigit((char)value[i + 1]) && char.IsAsciiHexDigit((char)value[i + 2]);
            decoded[length++] = escape ? Hex.Byte(value[i + 1], value[i + 2]) : value[i];
            i += escape ? 2 : 0;
        }

        return WireText.GetString(decoded.AsSpan(0, length));
    }

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
