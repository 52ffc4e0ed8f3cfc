using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Milter.Tests;

/// <summary>What a scripted name server knows. Names are compared without case; a name that is not there does not exist.</summary>
internal sealed class DnsZone
{
    private readonly ConcurrentDictionary<string, List<(ushort Type, byte[] Data)>> _names = new(StringComparer.OrdinalIgnoreCase);

    public uint TimeToLive { get; set; } = 300;

    public DnsZone Text(string name, params string[] strings) => Add(name, 16, [.. strings.SelectMany(static one => Encoding.UTF8.GetBytes(one).Prepend((byte)Encoding.UTF8.GetByteCount(one)))]);

    /// <summary>Adds a TXT record of any length, in strings as long as they may be.</summary>
    public DnsZone LongText(string name, string text) => Text(name, [.. text.Chunk(255).Select(static part => new string(part))]);

    public DnsZone Address(string name, params string[] addresses)
    {
        foreach (string address in addresses)
        {
            byte[] bytes = IPAddress.Parse(address).GetAddressBytes();
            Add(name, (ushort)(bytes.Length == 4 ? 1 : 28), bytes);
        }

        return this;
    }

    public DnsZone Exchange(string name, ushort preference, string host) => Add(name, 15, [(byte)(preference >> 8), (byte)preference, .. DnsText.Name(host)]);

    public DnsZone Pointer(string address, params string[] hosts)
    {
        foreach (string host in hosts)
        {
            Add(Auth.DnsNames.Pointer(IPAddress.Parse(address)), 12, DnsText.Name(host));
        }

        return this;
    }

    public DnsZone Alias(string name, string target) => Add(name, 5, DnsText.Name(target));

    /// <summary>Makes a name that is there and has nothing.</summary>
    public DnsZone Empty(string name)
    {
        _names.GetOrAdd(name, static _ => []);
        return this;
    }

    public void Remove(string name) => _names.TryRemove(name, out _);

    public bool Has(string name) => _names.ContainsKey(name);

    public IEnumerable<(ushort Type, byte[] Data)> Records(string name) => _names.TryGetValue(name, out List<(ushort Type, byte[] Data)>? found) ? found : [];

    private DnsZone Add(string name, ushort type, byte[] data)
    {
        _names.GetOrAdd(name, static _ => []).Add((type, data));
        return this;
    }
}

/// <summary>Names on the wire.</summary>
internal static class DnsText
{
    public static byte[] Name(string name)
    {
        var bytes = new List<byte>();
        foreach (string label in name.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            byte[] text = Encoding.UTF8.GetBytes(label);
            bytes.Add((byte)text.Length);
            bytes.AddRange(text);
        }

        bytes.Add(0);
        return [.. bytes];
    }

    /// <summary>Reads the name of a question.</summary>
    /// <returns>The name, and where what follows it begins.</returns>
    public static (string Name, int End) Read(ReadOnlySpan<byte> message, int start)
    {
        var labels = new List<string>();
        int at = start;
        for (; message[at] != 0; at += message[at] + 1)
        {
            labels.Add(Encoding.UTF8.GetString(message.Slice(at + 1, message[at])));
        }

        return (string.Join('.', labels), at + 1);
    }
}
