using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Milter.Policy;

/// <summary>Sendmail's access map, read from its text, for clients, senders, recipients and words of your own.</summary>
/// <remarks>
/// <para>
/// Precedence is Sendmail's (<c>cf/m4/proto.m4</c>). A client: its host name, the domains above, then its address and the networks above by whole numbers (<c>192.0.2.7</c>, <c>192.0.2</c>, <c>192.0</c>,
/// <c>192</c>; <c>IPv6:2001:db8</c>). An address: <c>user@domain</c>, <c>user@</c>, the domain and those above; a user with a detail (<c>joe+lists</c>) with it and without. Each key is looked for with its tag
/// (<c>Connect:</c>, <c>From:</c>, <c>To:</c>), then without. <c>SKIP</c> ends the search in the domains or networks above.
/// </para>
/// <para>A change of the file is seen within a second or two. One that can't be read is told in the log, and the old one stays.</para>
/// </remarks>
public sealed partial class AccessMap
{
    private readonly string _file;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly object _lock = new();
    private volatile AccessTable _table;
    private (DateTime Written, long Length) _stamp;
    private long _nextLook;

    /// <summary>Makes one, and reads the file; <c>AddAccessMap</c> does.</summary>
    /// <param name="options">The options, which are read once.</param>
    /// <param name="logger">Where a file that can't be read is told.</param>
    /// <param name="time">The clock; the system's where <see langword="null"/>.</param>
    /// <exception cref="FormatException">Lines of the file are wrong.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public AccessMap(IOptions<AccessMapOptions> options, ILogger<AccessMap> logger, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _file = options.Value.File;
        _logger = logger;
        _time = time ?? TimeProvider.System;
        _stamp = Stamp();
        _table = AccessTable.Parse(File.ReadLines(_file), _file);
        _nextLook = _time.GetTimestamp() + _time.TimestampFrequency;
    }

    /// <summary>Looks for a client (<c>Connect:</c>).</summary>
    /// <param name="hostName">Its host name as the MTA verified it, or <see langword="null"/>.</param>
    /// <param name="address">Its address, or <see langword="null"/>.</param>
    /// <returns>The entry that holds; <see langword="null"/> where there is none.</returns>
    public AccessEntry? FindClient(string? hostName, IPAddress? address)
    {
        AccessTable table = Table();
        return (string.IsNullOrEmpty(hostName) || hostName[0] == '[' ? null : Search(table, "Connect", MailKeys.Domains(hostName), isTagged: false))
            ?? (address is null ? null : Search(table, "Connect", Networks(address), isTagged: false));
    }

    /// <summary>Looks for a sender (<c>From:</c>).</summary>
    /// <param name="address">The address without brackets. The null sender has no entry.</param>
    /// <returns>The entry that holds; <see langword="null"/> where there is none.</returns>
    public AccessEntry? FindSender(string address) => FindAddress("From", address, isTagged: false);

    /// <summary>Looks for a recipient (<c>To:</c>).</summary>
    /// <param name="address">The address without brackets.</param>
    /// <returns>The entry that holds; <see langword="null"/> where there is none.</returns>
    public AccessEntry? FindRecipient(string address) => FindAddress("To", address, isTagged: false);

    /// <summary>Looks for an address under a tag of your own, such as pymilter's <c>SPF-Fail</c>; at last for the tag alone, which is the default.</summary>
    /// <param name="tag">The tag, without its colon.</param>
    /// <param name="address">The address without brackets.</param>
    /// <returns>The entry that holds; <see langword="null"/> where there is none.</returns>
    public AccessEntry? FindPolicy(string tag, string address) => FindAddress(tag, address, isTagged: true) ?? Table()[tag + ":"];

    private AccessEntry? FindAddress(string tag, string address, bool isTagged)
    {
        ArgumentNullException.ThrowIfNull(address);
        AccessTable table = Table();
        string[] keys = address.Length == 0 ? [] : [.. MailKeys.Of(address)];
        return Search(table, tag, keys.Where(static key => key.Contains('@', StringComparison.Ordinal)), isTagged)
            ?? Search(table, tag, keys.Where(static key => !key.Contains('@', StringComparison.Ordinal)), isTagged);
    }

    private static AccessEntry? Search(AccessTable table, string tag, IEnumerable<string> keys, bool isTagged)
    {
        foreach (string key in keys)
        {
            if ((table[$"{tag}:{key}"] ?? (isTagged ? null : table[key])) is { } entry)
            {
                return entry.Value.Equals("SKIP", StringComparison.OrdinalIgnoreCase) ? null : entry;
            }
        }

        return null;
    }

    private static IEnumerable<string> Networks(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        char separator = isV6 ? ':' : '.';
        string prefix = isV6 ? "IPv6:" : "";
        string rest = address.ToString();
        while (rest.Length > 0)
        {
            yield return prefix + rest;
            int at = rest.LastIndexOf(separator);
            rest = at < 0 ? "" : rest[..at].TrimEnd(separator);
        }
    }

    /// <summary>Looks at the file once a second at most, and reads it where it has changed.</summary>
    private AccessTable Table()
    {
        long now = _time.GetTimestamp();
        if (now < Volatile.Read(ref _nextLook) || !Monitor.TryEnter(_lock))
        {
            return _table;
        }

        try
        {
            Volatile.Write(ref _nextLook, now + _time.TimestampFrequency);
            (DateTime, long) stamp = Stamp();
            if (stamp != _stamp)
            {
                _stamp = stamp;
                _table = AccessTable.Parse(File.ReadLines(_file), _file);
                LogRead(_logger, _file, _table.Count);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            LogUnreadable(_logger, _file, e.Message);
        }
        finally
        {
            Monitor.Exit(_lock);
        }

        return _table;
    }

    private (DateTime Written, long Length) Stamp()
    {
        var file = new FileInfo(_file);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    [LoggerMessage(402, LogLevel.Information, "{File} has changed and is read: {Count} entries")]
    private static partial void LogRead(ILogger logger, string file, int count);

    [LoggerMessage(403, LogLevel.Error, "{File} can't be read, and what it said before still holds: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string file, string reason);
}
