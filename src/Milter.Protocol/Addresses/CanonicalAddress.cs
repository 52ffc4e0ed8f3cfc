using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Milter.Protocol;

/// <summary>Makes the one spelling of a mailbox by which addresses are compared.</summary>
internal static class CanonicalAddress
{
    private static readonly IdnMapping s_idn = new();
    private static readonly SearchValues<char> s_wantQuotes = SearchValues.Create(" \t\r\n()<>[]:;@\\,\"");

    /// <summary>Makes the local part as it is delivered to: quotes and backslashes undone, without comments and white space, in small letters.</summary>
    public static string LocalPart(ReadOnlySpan<byte> local) => Composed(Plain(local)).ToLowerInvariant();

    /// <summary>Puts quotes around a local part that needs them.</summary>
    public static string Quoted(string local) => local.AsSpan().IndexOfAny(s_wantQuotes) < 0 && local.Length > 0
        ? local
        : $"\"{local.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>Makes a domain as DNS has it: A-labels (RFC 5890) in small letters, without the final dot. What is no domain name is left in small letters.</summary>
    public static string AsciiDomain(ReadOnlySpan<byte> domain)
    {
        string plain = Composed(Plain(domain)).TrimEnd('.').ToLowerInvariant();
        return plain is ['[', .. var literal, ']'] ? $"[{Literal(literal)}]" : Ascii.IsValid(plain) ? plain : Mapped(plain, s_idn.GetAscii).ToLowerInvariant();
    }

    /// <summary>Makes a domain as people read it: U-labels for A-labels.</summary>
    public static string UnicodeDomain(string ascii) =>
        ascii.Contains("xn--", StringComparison.Ordinal) ? Mapped(ascii, s_idn.GetUnicode) : ascii;

    /// <summary>Takes quotes, backslashes, comments and white space away.</summary>
    public static string Plain(ReadOnlySpan<byte> part)
    {
        byte[] plain = new byte[part.Length];
        int length = 0;
        foreach (AddressScanner element in new AddressScanner(part))
        {
            ReadOnlySpan<byte> text = part[element.Start..element.End];
            switch (element.Kind)
            {
                case AddressElement.Comment or AddressElement.Blank:
                    break;
                case AddressElement.Quoted or AddressElement.Escaped:
                    Unquote(text, plain, ref length);
                    break;
                default:
                    plain[length++] = text[0];
                    break;
            }
        }

        return WireText.GetString(plain.AsSpan(0, length));
    }

    // What a sender made up may be no name at all.
    private static string Mapped(string domain, Func<string, string> map)
    {
        try
        {
            return map(domain);
        }
        catch (ArgumentException)
        {
            return domain;
        }
    }

    private static string Composed(string text)
    {
        try
        {
            return Ascii.IsValid(text) ? text : text.Normalize();
        }
        catch (ArgumentException)
        {
            // Bytes that are no UTF-8.
            return text;
        }
    }

    private static string Literal(string literal)
    {
        const string Six = "ipv6:";
        bool isSix = literal.StartsWith(Six, StringComparison.Ordinal);
        return IPAddress.TryParse(isSix ? literal[Six.Length..] : literal, out IPAddress? address) ? $"{(isSix ? Six : "")}{address}" : literal;
    }

    private static void Unquote(ReadOnlySpan<byte> text, Span<byte> plain, ref int length)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                plain[length++] = text[++i];
            }
            else if (text[i] is not ((byte)'"' or (byte)'\\'))
            {
                plain[length++] = text[i];
            }
        }
    }
}
