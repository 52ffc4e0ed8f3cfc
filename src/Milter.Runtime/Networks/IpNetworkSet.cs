using System.Collections;
using System.Net;
using System.Net.Sockets;
using Milter.Networks;

namespace Milter;

/// <summary>A set of addresses and networks: who may connect, who is trusted, who is left alone by a policy.</summary>
/// <remarks>
/// <para>
/// Entries are addresses (<c>192.0.2.7</c>), networks in CIDR notation (<c>192.0.2.0/24</c>, <c>2001:db8::/32</c>) and ranges (<c>192.0.2.10-192.0.2.20</c>).
/// Addresses are written out: <c>10/8</c>, <c>192.0.2.7/24</c>, scopes and IPv4-mapped networks are complaints, since who mistypes a network trusts the wrong people.
/// An IPv4 client that an MTA tells as <c>::ffff:192.0.2.7</c> is the IPv4 address.
/// </para>
/// <para>
/// It can be a property of an options class and is then bound from a list of texts. Binders take no exception from an entry, so <see cref="Add(string)"/> keeps what is wrong in
/// <see cref="Complaints"/>, which a validator of the options should tell; a set with complaints is never asked in silence: <see cref="Contains(IPAddress?)"/> throws.
/// </para>
/// <para>A look-up takes at most four steps for IPv4 and sixteen for IPv6, however many networks there are, and allocates nothing. Fill a set before others ask it: adding is not safe beside look-ups.</para>
/// </remarks>
public sealed class IpNetworkSet : ICollection<string>, IReadOnlyCollection<string>
{
    private readonly List<string> _entries = [];
    private readonly List<string> _complaints = [];
    private readonly List<AddressRange> _ranges4 = [];
    private readonly List<AddressRange> _ranges6 = [];
    private volatile Tries? _tries;

    /// <summary>Makes an empty set.</summary>
    public IpNetworkSet()
    {
    }

    /// <summary>Makes a set of entries, and takes what is wrong with them into <see cref="Complaints"/>.</summary>
    /// <param name="entries">Addresses, networks, ranges.</param>
    public IpNetworkSet(IEnumerable<string> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (string entry in entries)
        {
            Add(entry);
        }
    }

    /// <summary>Gets what is wrong with entries, one complaint each: which entry (or line of a file), what it says, what to write instead.</summary>
    /// <value>Empty for a set that can be asked.</value>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Gets how many entries there are, as they were given.</summary>
    public int Count => _entries.Count;

    bool ICollection<string>.IsReadOnly => false;

    /// <summary>Reads a set, strictly.</summary>
    /// <param name="entries">Addresses, networks, ranges.</param>
    /// <returns>The set.</returns>
    /// <exception cref="FormatException">Entries are wrong; the message names each.</exception>
    public static IpNetworkSet Parse(params IEnumerable<string> entries)
    {
        var set = new IpNetworkSet(entries);
        return set._complaints.Count == 0 ? set : throw new FormatException(string.Join('\n', set._complaints));
    }

    /// <summary>Says what is wrong with an entry, for a validator of options that tells its own key.</summary>
    /// <param name="entry">An address, a network or a range.</param>
    /// <returns>What it says and what to write instead; <see langword="null"/> when nothing is wrong.</returns>
    public static string? Check(string? entry) => AddressRange.Parse(entry, out _, out _);

    /// <summary>Reads a file with an entry a line; empty lines and what follows a <c>#</c> are left out.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The set.</returns>
    /// <exception cref="FormatException">Lines are wrong; the message names each, by file and number.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IpNetworkSet Load(string path)
    {
        var set = new IpNetworkSet();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string entry = line.Split('#')[0].Trim();
            if (entry.Length > 0)
            {
                set.Add(entry, $"{path}:{number}");
            }
        }

        return set._complaints.Count == 0 ? set : throw new FormatException(string.Join('\n', set._complaints));
    }

    /// <summary>Adds an entry. One that is wrong is a complaint, not an exception.</summary>
    /// <param name="entry">An address, a network or a range.</param>
    public void Add(string entry) => Add(entry, $"entry {_entries.Count + 1}");

    /// <summary>Says whether an address is in one of the networks.</summary>
    /// <param name="address">The address; <see langword="null"/>, of a client whose address nobody told, is in none.</param>
    /// <returns>Whether it is.</returns>
    /// <exception cref="InvalidOperationException">The set has <see cref="Complaints"/>: what it was meant to be is not known.</exception>
    public bool Contains(IPAddress? address)
    {
        Tries tries = _tries ?? Build();
        if (address is null)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out int length);
        return address.AddressFamily == AddressFamily.InterNetwork ? tries.V4.Contains(bytes[..length])
            : address.IsIPv4MappedToIPv6 ? tries.V4.Contains(bytes[12..])
            : tries.V6.Contains(bytes);
    }

    bool ICollection<string>.Contains(string item) => _entries.Contains(item);

    /// <summary>Takes all entries and complaints out.</summary>
    public void Clear()
    {
        _entries.Clear();
        _complaints.Clear();
        _ranges4.Clear();
        _ranges6.Clear();
        _tries = null;
    }

    void ICollection<string>.CopyTo(string[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    bool ICollection<string>.Remove(string item) => throw new NotSupportedException("An IpNetworkSet is filled once; make another one.");

    /// <summary>Gives the entries as they were given.</summary>
    /// <returns>The entries.</returns>
    public IEnumerator<string> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Gives the entries, for logs.</summary>
    /// <returns>The entries, separated by commas; of many, the first ones.</returns>
    public override string ToString() => _entries.Count <= 10 ? string.Join(", ", _entries) : $"{string.Join(", ", _entries.Take(10))} and {_entries.Count - 10} more";

    private void Add(string? entry, string where)
    {
        _entries.Add(entry ?? "");
        if (AddressRange.Parse(entry, out AddressRange range, out bool isV6) is { } problem)
        {
            _complaints.Add($"{where}: {problem}");
        }
        else
        {
            (isV6 ? _ranges6 : _ranges4).Add(range);
        }

        _tries = null;
    }

    private Tries Build() => _complaints.Count == 0
        ? _tries = new Tries(new AddressTrie(_ranges4, 4), new AddressTrie(_ranges6, 16))
        : throw new InvalidOperationException($"These networks can't be asked, since not all of them are known.\n{string.Join('\n', _complaints)}");

    private sealed record Tries(AddressTrie V4, AddressTrie V6);
}
