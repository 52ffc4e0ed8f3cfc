namespace Milter.Tests.Pages;

[Milter]
public sealed partial class Listed(DnsLists lists)
{
    [OnConnect]
    async ValueTask<Verdict> From(ConnectInfo client, CancellationToken cancellationToken) =>
        client.Address is { } address
        && (await lists.CheckAsync(address, cancellationToken)).FirstOrDefault(one => one.Status == DnsListingStatus.Listed) is { } listing
            ? Verdict.RejectCleaned(550, "5.7.1", $"{address} is in {listing.List.Zone}")
            : Verdict.Continue;
}
