using System.Net;
using BenchmarkDotNet.Attributes;

namespace Milter.MicroBench;

/// <summary>Whether an address is in a set of networks: ten of them, and a hundred thousand.</summary>
public class NetworksBench
{
    private readonly IPAddress[] _clients = new IPAddress[1_024];
    private IpNetworkSet _networks = [];
    private int _next;

    /// <summary>Gets or sets how many networks there are.</summary>
    [Params(10, 100_000)]
    public int Networks { get; set; }

    /// <summary>Makes the networks, /24 of IPv4 and as many /48 of IPv6, and clients of which half are in them.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _networks = IpNetworkSet.Parse(Enumerable.Range(0, Networks).SelectMany(static i => (string[])[$"{V4(i)}/24", $"{V6(i)}/48"]));
        for (int i = 0; i < _clients.Length; i++)
        {
            // Spread over all of them; where a network is not there, its neighbour's number is of nobody.
            int network = (int)((long)i * Networks / _clients.Length);
            int number = i % 2 == 0 ? network : Networks + network;
            _clients[i] = i % 4 < 2 ? IPAddress.Parse(V4(number)) : IPAddress.Parse(V6(number));
        }

        _ = _networks.Contains(_clients[0]);
    }

    /// <summary>One look-up, each time of another client.</summary>
    [Benchmark]
    public bool Contains() => _networks.Contains(_clients[_next++ & 1_023]);

    private static string V4(int i) => $"{1 + (i >> 16)}.{(i >> 8) & 255}.{i & 255}.0";

    private static string V6(int i) => $"2001:{i >> 16:x}:{i & 0xFFFF:x}::";
}
