using System.Text;
using MimeKit;
using MimeKit.Utils;

namespace Milter.Mime.Names;

/// <summary>Bytes of header fields as text: a char for each byte while a value is taken apart, real text at the end.</summary>
internal static class FieldText
{
    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    static FieldText() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Gets MimeKit's own readings: of parameters as they come, and as the RFC has them.</summary>
    public static ParserOptions Loose { get; } = new() { ParameterComplianceMode = RfcComplianceMode.Loose };

    public static ParserOptions Strict { get; } = new() { ParameterComplianceMode = RfcComplianceMode.Strict, Rfc2047ComplianceMode = RfcComplianceMode.Strict };

    /// <summary>Gives each byte as a char.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>Reads text whose chars are bytes: UTF-8 where it is that, else Latin-1.</summary>
    public static string Decode(string bytes) => Ascii.IsValid(bytes) ? bytes : Decode(Encoding.Latin1.GetBytes(bytes), null);

    /// <summary>Reads bytes in a charset; where there is none, or none that is known, as UTF-8 or else Latin-1.</summary>
    public static string Decode(byte[] bytes, string? charset)
    {
        if (Utf7.Is(charset))
        {
            return Utf7.Decode(bytes);
        }

        try
        {
            return (string.IsNullOrEmpty(charset) ? s_utf8 : Encoding.GetEncoding(charset)).GetString(bytes);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return charset is null ? Encoding.Latin1.GetString(bytes) : Decode(bytes, null);
        }
    }

    /// <summary>Decodes encoded words (RFC 2047) wherever they stand, in quotes and in the middle of words, too.</summary>
    /// <returns>The text, or <see langword="null"/> where there is no encoded word.</returns>
    public static string? DecodeWords(string bytes)
    {
        int start = bytes.IndexOf("=?", StringComparison.Ordinal);
        if (start < 0 || bytes.IndexOf("?=", start, StringComparison.Ordinal) < 0)
        {
            return null;
        }

        string decoded = Rfc2047.DecodeText(Loose, Encoding.Latin1.GetBytes(Utf7.WithoutWords(bytes)));
        return decoded == Decode(bytes) ? null : decoded;
    }
}
