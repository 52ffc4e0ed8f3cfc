namespace Milter.Generators.Diagnostics;

/// <summary>What the runtime refuses as the address of an envelope (its <c>Mailbox</c>), in the same words.</summary>
internal static class AddressText
{
    public static string? WhyNone(string address, bool mayBeNull)
    {
        string mailbox = address.Length > 1 && address[0] == '<' && address[address.Length - 1] == '>' ? address.Substring(1, address.Length - 2) : address;
        if (mailbox.Length == 0)
        {
            return mayBeNull ? null : "it is empty";
        }

        bool quoted = false, escaped = false;
        foreach (char c in mailbox)
        {
            if (char.IsControl(c))
            {
                return "it has a control character";
            }

            if (!quoted && !escaped && c is ' ' or '<' or '>')
            {
                return "an envelope has the address alone, without a name before it; spaces and brackets in a local part need quotes";
            }

            quoted ^= c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
        }

        return quoted || escaped ? "it has a quote that does not end" : null;
    }
}
