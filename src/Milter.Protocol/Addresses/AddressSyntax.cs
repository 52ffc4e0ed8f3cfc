namespace Milter.Protocol;

/// <summary>Finds what is wrong with an address that is to be written (RFC 5321 section 4.1.2), as strictly as the stricter of two MTAs needs it.</summary>
/// <remarks>
/// Where an address breaks these rules, Sendmail takes two recipients for one (<c>a@b,c@d</c>), joins words with dots, drops the recipient, or sends the client a line that
/// nobody asked for; Postfix returns the message.
/// </remarks>
internal static class AddressSyntax
{
    private const string Advice = "Give one address such as ann@example.org, with or without angle brackets around it; spaces and special characters in a local part need quotes.";

    public static string? Find(ReadOnlySpan<byte> text, AddressParts parts)
    {
        ReadOnlySpan<byte> mailbox = parts.HasRoute ? text.Slice(parts.Start, parts.Length) : text;
        if (mailbox.IsEmpty)
        {
            return parts.HasRoute ? $"The address has nothing after its source route. {Advice}" : null;
        }

        if (FindCharacter(mailbox) is { } fault)
        {
            return fault;
        }

        int at = parts.At < 0 ? -1 : parts.At - (parts.HasRoute ? parts.Start : 0);
        if (at < 0)
        {
            return mailbox[0] is (byte)'|' or (byte)'/' ? $"The address begins with '{(char)mailbox[0]}' and has no domain: Sendmail would take it for a program or a file. {Advice}" : null;
        }

        return at == 0 ? $"The address has nothing before its @. {Advice}" : FindInDomain(mailbox[(at + 1)..]);
    }

    private static string? FindCharacter(ReadOnlySpan<byte> mailbox)
    {
        bool isInLiteral = false, hasAt = false;
        foreach (AddressScanner element in new AddressScanner(mailbox))
        {
            ReadOnlySpan<byte> bytes = mailbox[element.Start..element.End];
            if (element.Kind == AddressElement.Quoted)
            {
                if (!AddressScanner.IsClosed(bytes))
                {
                    return $"The address has a quote that does not end. {Advice}";
                }

                if (bytes.IndexOfAnyInRange((byte)0, (byte)31) is >= 0 and var control)
                {
                    return Character(bytes[control], element.Start + control);
                }

                continue;
            }

            bool isOpening = element.Is('[') && hasAt && !isInLiteral, isClosing = element.Is(']') && isInLiteral;
            bool isSecondAt = element.Is('@') && hasAt;
            bool isAllowed = element.Kind == AddressElement.Plain && bytes[0] > ' ' && bytes[0] != 127 && (isInLiteral ? bytes[0] is not ((byte)'<' or (byte)'>' or (byte)'@') : "()<>,;:[]\\"u8.IndexOf(bytes[0]) < 0);
            if (isSecondAt || !(isAllowed || isOpening || isClosing))
            {
                return Character(bytes[0], element.Start);
            }

            hasAt |= element.Is('@');
            isInLiteral = isOpening || (isInLiteral && !isClosing);
        }

        return isInLiteral ? $"The address has a bracket that does not close. {Advice}" : null;
    }

    private static string? FindInDomain(ReadOnlySpan<byte> domain)
    {
        if (domain is [(byte)'[', .., (byte)']'])
        {
            return null;
        }

        return domain.IsEmpty ? $"The address has nothing after its @. {Advice}"
            : domain[0] == '.' || domain.IndexOf(".."u8) >= 0 ? $"The address has an empty label in its domain. {Advice}"
            : domain.IndexOfAny((byte)'[', (byte)']', (byte)'"') >= 0 ? $"The address has brackets or quotes within its domain. {Advice}"
            : null;
    }

    private static string Character(byte character, int position) => $"The address has the character U+{(int)character:X4} at position {position}. {Advice}";
}
