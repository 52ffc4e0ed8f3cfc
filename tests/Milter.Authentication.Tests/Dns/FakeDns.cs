using System.Collections.Concurrent;
using System.Net;

namespace Milter.Tests;

/// <summary>A DNS of the test's own: what is not told is no such name.</summary>
internal sealed class FakeDns : IDnsQuery
{
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly Dictionary<string, Dictionary<DnsRecordType, DnsAnswer>> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets what was asked, in order.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    public FakeDns Text(string name, params string[] texts) => Set(name, DnsRecordType.Txt, DnsAnswer.Of(texts));

    public FakeDns Address(string name, params string[] addresses)
    {
        foreach (IGrouping<bool, IPAddress> kind in addresses.Select(IPAddress.Parse).GroupBy(static one => one.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork))
        {
            Set(name, kind.Key ? DnsRecordType.A : DnsRecordType.Aaaa, DnsAnswer.Of(kind.ToArray()));
        }

        return this;
    }

    public FakeDns Exchange(string name, params string[] hosts) => Set(name, DnsRecordType.Mx, DnsAnswer.Of(hosts));

    public FakeDns Pointer(string address, params string[] hosts) => Set(Auth.DnsNames.Pointer(IPAddress.Parse(address)), DnsRecordType.Ptr, DnsAnswer.Of(hosts));

    public FakeDns Empty(string name)
    {
        _names.TryAdd(name, []);
        return this;
    }

    public FakeDns Failing(string name, DnsRecordType type) => Set(name, type, DnsAnswer.Failed("nobody answers"));

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _asked.Enqueue($"{name} {type}");
        return new(!_names.TryGetValue(name.TrimEnd('.'), out Dictionary<DnsRecordType, DnsAnswer>? records) ? DnsAnswer.NoSuchName()
            : records.TryGetValue(type, out DnsAnswer? answer) ? answer
            : DnsAnswer.NoData());
    }

    private FakeDns Set(string name, DnsRecordType type, DnsAnswer answer)
    {
        if (!_names.TryGetValue(name, out Dictionary<DnsRecordType, DnsAnswer>? records))
        {
            records = _names[name] = [];
        }

        records[type] = answer;
        return this;
    }
}
