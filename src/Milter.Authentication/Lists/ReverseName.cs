using System.Net;
using Milter.Auth;

namespace Milter;

/// <summary>The name of a client that has its address (forward-confirmed reverse DNS; <c>iprev</c>, RFC 8601 section 2.7.3).</summary>
/// <param name="Result"><see cref="AuthResult.Pass"/>, <see cref="AuthResult.Fail"/> (names, none of which has the address), <see cref="AuthResult.PermError"/> (no name) or <see cref="AuthResult.TempError"/>.</param>
/// <param name="Name">The name; <see langword="null"/> unless it passes.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record ReverseName(AuthResult Result, string? Name, string Reason)
{
    // As SPF has it for the same question.
    private const int MaxNames = 10;

    /// <summary>Looks for the name.</summary>
    /// <param name="dns">Who is asked.</param>
    /// <param name="address">The client's address.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The name, or why there is none.</returns>
    public static async ValueTask<ReverseName> FindAsync(IDnsQuery dns, IPAddress address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dns);
        ArgumentNullException.ThrowIfNull(address);
        IPAddress plain = DnsNames.Plain(address);
        DnsAnswer names = await dns.QueryAsync(DnsNames.Pointer(plain), DnsRecordType.Ptr, cancellationToken).ConfigureAwait(false);
        if (names.Status != DnsStatus.Found)
        {
            return names.Status == DnsStatus.Failed ? new(AuthResult.TempError, null, names.Reason!) : new(AuthResult.PermError, null, $"{plain} has no name");
        }

        string? problem = null;
        foreach (string name in names.Texts.Take(MaxNames))
        {
            DnsRecordType type = plain.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? DnsRecordType.A : DnsRecordType.Aaaa;
            DnsAnswer addresses = await dns.QueryAsync(name, type, cancellationToken).ConfigureAwait(false);
            if (addresses.Addresses.Contains(plain))
            {
                return new(AuthResult.Pass, name, $"{name} has {plain}");
            }

            problem ??= addresses.Status == DnsStatus.Failed ? addresses.Reason : null;
        }

        return problem is null ? new(AuthResult.Fail, null, $"no name of {plain} has it") : new(AuthResult.TempError, null, problem);
    }
}
