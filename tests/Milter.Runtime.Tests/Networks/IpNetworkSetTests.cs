using System.Net;
using Microsoft.Extensions.Configuration;
using Milter.Tests;

namespace Milter.Runtime.Tests.Networks;

public sealed class IpNetworkSetTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("192.0.2.0/24", "192.0.2.255", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("192.0.2.0/23", "192.0.3.0", true)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "203.0.113.9", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::", false)]
    [InlineData("2001:db8::1", "2001:db8::1", true)]
    [InlineData("2001:db8::1", "2001:db8::2", false)]
    [InlineData("192.0.2.10-192.0.3.20", "192.0.2.10", true)]
    [InlineData("192.0.2.10-192.0.3.20", "192.0.3.20", true)]
    [InlineData("192.0.2.10-192.0.3.20", "192.0.2.9", false)]
    [InlineData("192.0.2.10-192.0.3.20", "192.0.3.21", false)]
    [InlineData("2001:db8::1-2001:db8::ff", "2001:db8::80", true)]
    [InlineData("2001:db8::1 - 2001:db8::ff", "2001:db8::100", false)]
    [InlineData("255.255.255.255", "255.255.255.255", true)]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    public void Addresses_are_found_in_addresses_networks_and_ranges(string entry, string address, bool isIn) =>
        Assert.Equal(isIn, IpNetworkSet.Parse([entry]).Contains(IPAddress.Parse(address)));

    [Fact]
    public void An_address_that_nobody_told_is_in_no_network() => Assert.False(IpNetworkSet.Parse("0.0.0.0/0", "::/0").Contains(null));

    [Theory]
    [InlineData("10/8", "\"10/8\" is no network. Write it as")]
    [InlineData("192.0.2.7/24", "has bits set beyond its prefix. Did you mean 192.0.2.0/24, or 192.0.2.7 alone?")]
    [InlineData("2001:db8::1/32", "Did you mean 2001:db8::/32, or 2001:db8::1 alone?")]
    [InlineData("192.0.2.0/33", "has no prefix length from 0 to 32 after the slash")]
    [InlineData("192.0.2.0/-1", "is no range. Write both its addresses out")]
    [InlineData("192.0.2.0/", "has no prefix length")]
    [InlineData("192.000.002.010", "is no network")]
    [InlineData("fe80::1%eth0", "is no network")]
    [InlineData("::ffff:192.0.2.0/120", "is no network")]
    [InlineData("[2001:db8::1]", "is no network")]
    [InlineData("mail.example.org", "is no network")]
    [InlineData("", "is no network")]
    [InlineData("192.0.2.20-192.0.2.10", "ends before it begins. Did you mean 192.0.2.10-192.0.2.20?")]
    [InlineData("192.0.2.1-2001:db8::1", "one of its addresses is of IPv4 and one of IPv6")]
    public void What_is_mistyped_is_a_complaint_that_names_the_entry_and_says_what_to_write(string entry, string complaint)
    {
        var set = new IpNetworkSet { "192.0.2.0/24", entry };

        Assert.StartsWith("entry 2: ", Assert.Single(set.Complaints), StringComparison.Ordinal);
        Assert.Contains(complaint, set.Complaints[0], StringComparison.Ordinal);
        Assert.Contains(complaint, Assert.Throws<FormatException>(() => IpNetworkSet.Parse(set)).Message, StringComparison.Ordinal);
        Assert.Contains(complaint, Assert.Throws<InvalidOperationException>(() => set.Contains(IPAddress.Loopback)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_has_an_entry_a_line_and_complaints_name_the_line()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "# ours\n192.0.2.0/24   # the office\n\n2001:db8::/32\n");
            IpNetworkSet set = IpNetworkSet.Load(file);
            Assert.Equal(2, set.Count);
            Assert.True(set.Contains(IPAddress.Parse("192.0.2.9")));

            File.AppendAllText(file, "10/8\n192.0.2.300\n");
            string[] complaints = Assert.Throws<FormatException>(() => IpNetworkSet.Load(file)).Message.Split('\n');
            Assert.Equal([true, true], [complaints[0].StartsWith($"{file}:5: \"10/8\"", StringComparison.Ordinal), complaints[1].StartsWith($"{file}:6: \"192.0.2.300\"", StringComparison.Ordinal)]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_set_is_bound_from_configuration_and_what_is_wrong_there_is_not_lost()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Trusted:0"] = "192.0.2.0/24",
            ["Trusted:1"] = "2001:db8::/32",
            ["Wrong:0"] = "10/8",
        }).Build();

        Bound bound = configuration.Get<Bound>()!;

        Assert.True(bound.Trusted.Contains(IPAddress.Parse("2001:db8::7")));
        Assert.False(bound.Trusted.Contains(IPAddress.Parse("203.0.113.9")));
        Assert.Equal(2, bound.Trusted.Count);
        Assert.Contains("\"10/8\"", Assert.Single(bound.Wrong.Complaints), StringComparison.Ordinal);
    }

    /// <summary>Held against the platform's own networks, one after the other.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_networks_contain_what_the_platforms_networks_contain(int seed)
    {
        var random = new Random(seed);
        var networks = new List<IPNetwork>();
        for (int i = 0; i < 300; i++)
        {
            bool isV6 = i % 2 == 0;
            int length = random.Next(isV6 ? 3 : 2, isV6 ? 129 : 33);
            networks.Add(new IPNetwork(Masked(Address(random, isV6), length), length));
        }

        IpNetworkSet set = IpNetworkSet.Parse(networks.Select(network => network.ToString()));
        for (int i = 0; i < 20_000; i++)
        {
            IPAddress address = i % 3 == 0 ? Near(random, networks[random.Next(networks.Count)].BaseAddress) : Address(random, i % 2 == 0);
            Assert.True(networks.Any(network => network.Contains(address)) == set.Contains(address), address.ToString());
        }
    }

    [Fact]
    public void Of_a_hundred_thousand_networks_each_is_found()
    {
        var random = new Random(7);
        IpNetworkSet many = IpNetworkSet.Parse(Enumerable.Range(0, 100_000).Select(i => $"{new IPNetwork(Masked(Address(random, i % 4 == 0), i % 4 == 0 ? 48 : 24), i % 4 == 0 ? 48 : 24)}"));

        Assert.Equal(100_000, many.Count);
        Assert.All(many.Take(1_000), entry => Assert.True(many.Contains(IPNetwork.Parse(entry).BaseAddress)));
    }

    [ReleaseFact]
    public void A_look_up_allocates_nothing()
    {
        IpNetworkSet set = IpNetworkSet.Parse("192.0.2.0/24", "2001:db8::/32");
        IPAddress[] addresses = [IPAddress.Parse("192.0.2.7"), IPAddress.Parse("::ffff:192.0.2.7"), IPAddress.Parse("2001:db8::1"), IPAddress.Parse("203.0.113.9")];

        Assert.Equal(0, Allocated.InSteadyState(() =>
        {
            foreach (IPAddress address in addresses)
            {
                set.Contains(address);
            }
        }));
    }

    private static IPAddress Address(Random random, bool isV6)
    {
        byte[] bytes = new byte[isV6 ? 16 : 4];
        random.NextBytes(bytes);
        return new IPAddress(bytes);
    }

    private static IPAddress Near(Random random, IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return new IPAddress(bytes);
    }

    private static IPAddress Masked(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(length - (8 * i), 0, 8));
        }

        return new IPAddress(bytes);
    }

    private sealed class Bound
    {
        public IpNetworkSet Trusted { get; set; } = [];

        public IpNetworkSet Wrong { get; set; } = [];
    }
}
