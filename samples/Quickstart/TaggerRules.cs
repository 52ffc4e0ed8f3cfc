using System.Text;
using Microsoft.Extensions.Options;
using Milter;

namespace Quickstart;

/// <summary>The options in the form in which the filter asks them; made once for all sessions that have them.</summary>
internal sealed class TaggerRules(IOptions<TaggerOptions> options)
{
    private readonly byte[] _tag = Encoding.ASCII.GetBytes(EncodedWords.Encode(options.Value.Tag.Trim()));

    public string Tag { get; } = options.Value.Tag.Trim();

    public WordList Words { get; } = new(options.Value.Words);

    public IpNetworkSet Trusted { get; } = options.Value.TrustedNetworks;

    public string HeaderValue { get; } = options.Value.HeaderValue.Trim();

    /// <summary>Puts the tag before a subject, which otherwise stays byte for byte as it was sent: its encoded words, its folds.</summary>
    /// <remarks>Only CR and NUL go, which a field can't have and some senders put there all the same. Where there is no subject the tag is all.</remarks>
    public byte[] Tagged(ReadOnlySpan<byte> subject)
    {
        if (subject.IndexOfAnyExcept(" \t\r\n\0"u8) < 0)
        {
            return _tag;
        }

        byte[] value = new byte[_tag.Length + 1 + subject.Length];
        _tag.CopyTo(value, 0);
        value[_tag.Length] = (byte)' ';
        subject.CopyTo(value.AsSpan(_tag.Length + 1));
        return value.AsSpan().ContainsAny((byte)'\r', (byte)0) ? [.. value.Where(static b => b is not ((byte)'\r' or 0))] : value;
    }
}
