using System.Net;
using Milter.Auth;

namespace Milter;

/// <summary>Asks lists in the DNS: all that fit at once, within one time-out.</summary>
/// <param name="dns">Who is asked.</param>
/// <param name="options">The lists.</param>
/// <param name="time">The clock; the system's if not given.</param>
public sealed class DnsLists(IDnsQuery dns, DnsListOptions options, TimeProvider? time = null)
{
    /// <summary>Asks all lists of addresses.</summary>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What each list says, in the order of the options.</returns>
    public Task<IReadOnlyList<DnsListing>> CheckAsync(IPAddress address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        return AskAsync(options.Lists.Where(static one => one.Kind != DnsListKind.BlockedDomains), DnsNames.Reverse(DnsNames.Plain(address)), cancellationToken);
    }

    /// <summary>Asks all lists of domains.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What each list says; nothing where it is no domain.</returns>
    public Task<IReadOnlyList<DnsListing>> CheckAsync(string domain, CancellationToken cancellationToken = default) =>
        DnsNames.Domain(domain) is { } name
            ? AskAsync(options.Lists.Where(static one => one.Kind == DnsListKind.BlockedDomains), name, cancellationToken)
            : Task.FromResult<IReadOnlyList<DnsListing>>([]);

    private async Task<IReadOnlyList<DnsListing>> AskAsync(IEnumerable<DnsList> lists, string name, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(options.Timeout, time ?? TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        Task<DnsListing>[] asking = [.. lists.Select(list => AskAsync(list, name, both.Token, cancellation))];
        return await Task.WhenAll(asking).ConfigureAwait(false);
    }

    private async Task<DnsListing> AskAsync(DnsList list, string name, CancellationToken both, CancellationToken cancellation)
    {
        try
        {
            return Judge(list, await dns.QueryAsync($"{name}.{list.Zone}", DnsRecordType.A, both).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new DnsListing(list, DnsListingStatus.Error, [], $"{list.Zone} has not answered within {options.Timeout.TotalSeconds:0.#} s");
        }
    }

    private static DnsListing Judge(DnsList list, DnsAnswer answer)
    {
        if (answer.Status != DnsStatus.Found)
        {
            return new(list, answer.Status == DnsStatus.Failed ? DnsListingStatus.Error : DnsListingStatus.NotListed, [], answer.Reason ?? "");
        }

        // A resolver that sends its users to a page of its own answers with any address; a list that refuses, with one of a few.
        return answer.Addresses.FirstOrDefault(IsRefusal) is { } refusal
            ? new(list, DnsListingStatus.Error, answer.Addresses, $"{list.Zone} answers {refusal}: it does not serve this host or its resolver")
            : new(list, list.Codes.Count == 0 || answer.Addresses.Any(list.Codes.Contains) ? DnsListingStatus.Listed : DnsListingStatus.NotListed, answer.Addresses, "");
    }

    private static bool IsRefusal(IPAddress code)
    {
        byte[] bytes = code.GetAddressBytes();
        return bytes is not [127, _, _, _] || bytes is [_, 0, 0, 1] or [_, 255, 255, _];
    }
}
