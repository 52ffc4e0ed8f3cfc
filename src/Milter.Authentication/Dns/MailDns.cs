using DnsClient;
using Milter.Auth;

namespace Milter;

/// <summary>The DNS for mail: name servers in order, with time-outs, answers kept for as long as they hold, aliases followed, and each answer held against its question.</summary>
/// <remarks>
/// One for a process; safe for all threads. A resolver that is silent, refuses, refers to others or answers another question is <see cref="DnsStatus.Failed"/>, which is not kept:
/// the next message asks again.
/// </remarks>
public sealed class MailDns : IDnsQuery
{
    // As resolvers have it; each is a record that the domain's owner wrote.
    private const int MaxAliases = 12;

    private readonly DnsWire _wire;
    private readonly DnsCache _cache;
    private readonly TimeProvider _time;

    /// <summary>Makes one.</summary>
    /// <param name="options">Servers, time-outs, the size of the cache. Read once.</param>
    /// <param name="time">The clock; the system's if not given.</param>
    /// <exception cref="ArgumentException">A server is no address.</exception>
    public MailDns(DnsOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _time = time ?? TimeProvider.System;
        _wire = new DnsWire(options);
        _cache = new DnsCache(options.CacheSize, options.CacheLifetime, _time);
    }

    /// <summary>Gets how many answers are kept.</summary>
    internal int Kept => _cache.Count;

    /// <inheritdoc/>
    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(name);
        return DnsNames.Normal(name) is not { } normal ? new(DnsAnswer.NoSuchName())
            : _cache.TryGet(normal, type, out DnsAnswer? kept) ? new(kept)
            : new(AskAsync(normal, type, cancellation));
    }

    private async Task<DnsAnswer> AskAsync(string name, DnsRecordType type, CancellationToken cancellation)
    {
        long start = _time.GetTimestamp();
        DnsAnswer answer = DnsAnswer.Failed("the question was given up");
        try
        {
            answer = await FollowAsync(name, type, cancellation).ConfigureAwait(false);
        }
        finally
        {
            AuthenticationMetrics.Asked(type, answer.Status, _time.GetElapsedTime(start));
        }

        _cache.Add(name, type, answer);
        return answer;
    }

    private async Task<DnsAnswer> FollowAsync(string name, DnsRecordType type, CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { name };
        TimeSpan lifetime = TimeSpan.MaxValue;
        for (string at = name; ;)
        {
            (IDnsQueryResponse? response, string problem) = await _wire.AskAsync(at, type, cancellation).ConfigureAwait(false);
            if (response is null)
            {
                return DnsAnswer.Failed(problem);
            }

            DnsReply reply = DnsReply.Read(response, at, type, seen);
            if (reply.Answer is { } answer)
            {
                return answer.TimeToLive > lifetime ? answer.Within(lifetime) : answer;
            }

            if (seen.Count > MaxAliases || DnsNames.Normal(reply.Alias!) is not { } next)
            {
                return DnsAnswer.Failed($"the aliases (CNAME) of {name} lead nowhere");
            }

            lifetime = reply.TimeToLive < lifetime ? reply.TimeToLive : lifetime;
            at = next;
        }
    }
}
