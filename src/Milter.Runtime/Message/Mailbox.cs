using Milter.Protocol;

namespace Milter.Message;

/// <summary>Checks addresses and arguments that go into the envelope.</summary>
internal static class Mailbox
{
    /// <summary>Makes an address as SMTP has it: in angle brackets, so that nothing in it is read as an argument.</summary>
    public static byte[] Bracket(string address, bool mayBeNull)
    {
        ArgumentNullException.ThrowIfNull(address);
        string mailbox = address is ['<', .., '>'] ? address[1..^1] : address;
        if (mailbox.Length == 0 && !mayBeNull)
        {
            throw new ArgumentException("The address is empty.", nameof(address));
        }

        Check(mailbox);
        return WireText.GetBytes($"<{mailbox}>");
    }

    /// <summary>Refuses ESMTP arguments that would be read as something else.</summary>
    public static string? CheckArguments(string? arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            return null;
        }

        foreach (char c in arguments)
        {
            if (char.IsControl(c))
            {
                throw new ArgumentException($"The ESMTP arguments have the control character U+{(int)c:X4}. Give keywords with their values and one space between them.", nameof(arguments));
            }
        }

        return arguments.Trim();
    }

    private static void Check(string mailbox)
    {
        bool quoted = false, escaped = false;
        for (int i = 0; i < mailbox.Length; i++)
        {
            char c = mailbox[i];
            bool opens = !quoted && !escaped && c is ' ' or '<' or '>';
            if (char.IsControl(c) || opens)
            {
                throw new ArgumentException($"The address has the character U+{(int)c:X4} at position {i}. Give one address, with or without angle brackets around it; spaces and brackets in a local part need quotes.", nameof(mailbox));
            }

            quoted ^= c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
        }

        if (quoted || escaped)
        {
            throw new ArgumentException("The address has a quote that does not end.", nameof(mailbox));
        }
    }
}
