using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Milter.Auth;

/// <summary>Expands macros for one evaluation (RFC 7208 section 7.2).</summary>
internal sealed class SpfExpansion(SpfRequest request, Func<string, CancellationToken, ValueTask<string>> validatedName)
{
    /// <summary>Expands a domain-spec to a name that can be asked for.</summary>
    /// <returns>The name; <see langword="null"/> where what comes out is none.</returns>
    public async ValueTask<string?> DomainAsync(string? spec, string domain, CancellationToken cancellation)
    {
        if (spec is null)
        {
            return domain;
        }

        string name = await TextAsync(spec, domain, cancellation).ConfigureAwait(false);
        name = name.EndsWith('.') ? name[..^1] : name;
        while (name.Length > DnsNames.MaxLength && name.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot)
        {
            name = name[(dot + 1)..];
        }

        return DnsNames.Normal(name);
    }

    /// <summary>Expands a text whose macros were checked.</summary>
    public async ValueTask<string> TextAsync(string text, string domain, CancellationToken cancellation)
    {
        var expanded = new StringBuilder(text.Length + 32);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                expanded.Append(text[i]);
                continue;
            }

            if (SpfMacro.TryRead(text.AsSpan(i), out SpfMacro macro) is > 0 and var length)
            {
                macro.Write(await ValueAsync(char.ToLowerInvariant(macro.Letter), domain, cancellation).ConfigureAwait(false), expanded);
                i += length - 1;
            }
            else
            {
                expanded.Append(text[++i] switch { '_' => " ", '-' => "%20", _ => "%" });
            }
        }

        return expanded.ToString();
    }

    private async ValueTask<string> ValueAsync(char letter, string domain, CancellationToken cancellation) => letter switch
    {
        's' => $"{request.LocalPart}@{request.SenderDomain}",
        'l' => request.LocalPart,
        'o' => request.SenderDomain,
        'd' => domain,
        'i' => IsV4 ? request.Client.ToString() : Nibbles(),
        'p' => await validatedName(domain, cancellation).ConfigureAwait(false),
        'v' => IsV4 ? "in-addr" : "ip6",
        'h' => request.Helo,
        'c' => request.Client.ToString(),
        'r' => request.Receiver,
        _ => request.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
    };

    private bool IsV4 => request.Client.AddressFamily == AddressFamily.InterNetwork;

    private string Nibbles() => string.Join('.', Convert.ToHexString(request.Client.GetAddressBytes()).AsEnumerable());
}
