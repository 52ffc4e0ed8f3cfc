namespace Milter.Generators.Diagnostics;

/// <summary>What the runtime refuses as an address of the envelope (<c>MailPath.Check</c>), as far as the characters of a constant tell. A test holds the two together.</summary>
internal static class AddressText
{
    public static string? WhyNone(string address, bool mayBeNull)
    {
        string mailbox = address.Length > 1 && address[0] == '<' && address[address.Length - 1] == '>' ? address.Substring(1, address.Length - 2) : address;
        if (mailbox.Length == 0)
        {
            return mayBeNull ? null : "it is empty";
        }

        // A source route has rules of its own; nobody writes one.
        if (mailbox[0] == '@' && mailbox.IndexOf(':') > 0)
        {
            return null;
        }

        int at = -1;
        bool isInLiteral = false;
        for (int i = 0; i < mailbox.Length; i++)
        {
            char c = mailbox[i];
            if (c == '"')
            {
                int end = EndOfQuoted(mailbox, i);
                if (end < 0)
                {
                    return "it has a quote that does not end";
                }

                i = end;
                continue;
            }

            bool isSecondAt = c == '@' && (at >= 0 || isInLiteral), isBracket = at >= 0 && (c == '[' ? !isInLiteral : c == ']' && isInLiteral);
            if (isSecondAt)
            {
                return "an envelope has one address at a time";
            }

            if (!isBracket && (c is <= ' ' or '\x7f' or '<' or '>' or '\\' || (!isInLiteral && "(),;:[]".IndexOf(c) >= 0)))
            {
                return "an envelope has the address alone, without a name before it; spaces and special characters in a local part need quotes";
            }

            at = c == '@' ? i : at;
            isInLiteral = isBracket ? c == '[' : isInLiteral;
        }

        return isInLiteral ? "it has a bracket that does not close"
            : at < 0 ? mailbox[0] is '|' or '/' ? "without a domain, Sendmail would take it for a program or a file" : null
            : at == 0 ? "it has nothing before its @"
            : WhyNoDomain(mailbox.Substring(at + 1));
    }

    private static string? WhyNoDomain(string domain) => domain switch
    {
        "" => "it has nothing after its @",
        _ when domain[0] == '[' && domain[domain.Length - 1] == ']' => null,
        _ when domain[0] == '.' || domain.Contains("..") => "it has an empty label in its domain",
        _ when domain.IndexOfAny(['[', ']', '"']) >= 0 => "it has brackets or quotes within its domain",
        _ => null,
    };

    private static int EndOfQuoted(string text, int start)
    {
        for (int i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                return i;
            }

            if (text[i] < ' ')
            {
                return -1;
            }

            i += text[i] == '\\' ? 1 : 0;
        }

        return -1;
    }
}
