using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Milter.Auth;

/// <summary>Answers of the process, each for as long as it holds.</summary>
internal sealed class DnsCache(int size, TimeSpan lifetime, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Name, DnsRecordType Type), Entry> _entries = new();
    private int _sweeping;

    public int Count => _entries.Count;

    public bool TryGet(string name, DnsRecordType type, [MaybeNullWhen(false)] out DnsAnswer answer)
    {
        if (_entries.TryGetValue((name, type), out Entry entry) && time.GetTimestamp() < entry.Ends)
        {
            answer = entry.Answer;
            return true;
        }

        answer = null;
        return false;
    }

    public void Add(string name, DnsRecordType type, DnsAnswer answer)
    {
        TimeSpan kept = answer.TimeToLive < lifetime ? answer.TimeToLive : lifetime;
        if (kept <= TimeSpan.Zero || size == 0)
        {
            return;
        }

        long now = time.GetTimestamp();
        if (_entries.Count >= size)
        {
            Sweep(now);
        }

        _entries[(name, type)] = new Entry(answer, now + (long)(kept.TotalSeconds * time.TimestampFrequency));
    }

    /// <summary>Makes room: what is over, and of the rest any quarter. Names are the sender's choice, so no order of use is worth its price.</summary>
    private void Sweep(long now)
    {
        if (Interlocked.Exchange(ref _sweeping, 1) != 0)
        {
            return;
        }

        int over = 0;
        foreach (KeyValuePair<(string Name, DnsRecordType Type), Entry> one in _entries)
        {
            if (one.Value.Ends <= now || (over++ & 3) == 0)
            {
                _entries.TryRemove(one.Key, out _);
            }
        }

        Volatile.Write(ref _sweeping, 0);
    }

    private readonly record struct Entry(DnsAnswer Answer, long Ends);
}
