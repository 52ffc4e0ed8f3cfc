using System.Text;
using MimeKit;

namespace Milter.Auth;

/// <summary>The domain in From, which is what readers see (RFC 9989 section 5.3.1).</summary>
/// <param name="Domain">The domain in normal form; <see langword="null"/> where there is none, or not one.</param>
/// <param name="Problem">Why there is none.</param>
internal readonly record struct AuthorDomain(string? Domain, string Problem)
{
    private const string FieldName = "From";

    /// <summary>Finds the domain.</summary>
    public static AuthorDomain Of(RawHeader header)
    {
        RawField[] fields = [.. header.Named(FieldName)];
        if (fields.Length != 1)
        {
            return new(null, fields.Length == 0 ? "there is no From" : $"there are {fields.Length} fields From");
        }

        byte[] value = Unfolded(header.Value(fields[0]));
        if (!InternetAddressList.TryParse(s_options, value, out InternetAddressList? list))
        {
            return new(null, "From can't be read");
        }

        MailboxAddress[] mailboxes = [.. list.Mailboxes];
        string?[] domains = [.. mailboxes.Select(static one => DnsNames.Domain(one.Domain)).Distinct()];
        return domains switch
        {
            [] => new(null, "From has no address"),
            [null] => new(null, "From has no domain that could have a policy"),
            [{ } one] => new(one, ""),
            _ => new(null, "From has addresses of more than one domain"),
        };
    }

    private static readonly ParserOptions s_options = new() { AddressParserComplianceMode = RfcComplianceMode.Loose, CharsetEncoding = Encoding.UTF8 };

    private static byte[] Unfolded(ReadOnlySpan<byte> value) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(value).Replace("\r\n", "", StringComparison.Ordinal));
}
