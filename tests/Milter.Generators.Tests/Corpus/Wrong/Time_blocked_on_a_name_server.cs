[Milter]
partial class DnsblFilter
{
    [OnConnect]
    Verdict Connect([ClientAddress] IPAddress? address) => address is not null && IsListed(address) ? Verdict.Reject(550, "5.7.1", "Listed: " + address) : Verdict.Continue;

    private static bool IsListed(IPAddress address)
    {
        byte[] parts = address.GetAddressBytes();
        return {|MILTER120:Dns.GetHostAddresses($"{parts[3]}.{parts[2]}.{parts[1]}.{parts[0]}.zen.example.org")|}.Length > 0;
    }
}
