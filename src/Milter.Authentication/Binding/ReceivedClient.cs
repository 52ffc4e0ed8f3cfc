using System.Net;

namespace Milter.Auth;

/// <summary>Finds the client that has given a message to the first of our own relays, by the Received that they have added.</summary>
internal static class ReceivedClient
{
    /// <summary>Finds it.</summary>
    /// <param name="received">The fields, from the top: the uppermost is of the relay that is the client now.</param>
    /// <param name="options">The relays.</param>
    /// <returns>Address and HELO; <see langword="null"/> where a field does not tell.</returns>
    public static (IPAddress Client, string Helo)? Of(IEnumerable<string> received, AuthenticationOptions options)
    {
        foreach (string field in received)
        {
            if (Read(field) is not var (client, helo))
            {
                return null;
            }

            if (!options.TrustedRelays.Contains(client))
            {
                return (client, helo);
            }
        }

        return null;
    }

    /// <summary>Reads <c>from HELO (NAME [ADDRESS])</c>, as Postfix, Sendmail and most others write it (RFC 5321 section 4.4).</summary>
    private static (IPAddress Client, string Helo)? Read(string field)
    {
        string text = string.Join(' ', field.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        string from = text.IndexOf(" by ", StringComparison.OrdinalIgnoreCase) is >= 0 and var by ? text[..by] : text;
        if (!from.StartsWith("from ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // The name may be an address literal itself; what the relay has seen stands in the comment.
        int comment = from.IndexOf('(', StringComparison.Ordinal);
        int open = comment < 0 ? -1 : from.LastIndexOf('[');
        int close = open < 0 ? -1 : from.IndexOf(']', open);
        if (open < comment || close < 0)
        {
            return null;
        }

        string address = from[(open + 1)..close];
        address = address.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? address[5..] : address;
        return IPAddress.TryParse(address, out IPAddress? parsed) ? (DnsNames.Plain(parsed), from[5..comment].Trim()) : null;
    }
}
