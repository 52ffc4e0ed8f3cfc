namespace Milter.Tool;

/// <summary>Times in buckets of some 4 %, from 1 µs to minutes: a fixed size, however long the run.</summary>
internal sealed class Histogram
{
    private const int BucketsPerOctave = 16;
    private const int Octaves = 28;

    private readonly long[] _counts = new long[BucketsPerOctave * Octaves];
    private TimeSpan _sum;

    public long Count { get; private set; }

    public TimeSpan Max { get; private set; }

    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : _sum / Count;

    public void Add(TimeSpan time)
    {
        double octave = Math.Log2(Math.Max(1, time.TotalMicroseconds));
        _counts[Math.Min(_counts.Length - 1, (int)(octave * BucketsPerOctave))]++;
        Count++;
        _sum += time;
        Max = time > Max ? time : Max;
    }

    public void Add(Histogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        _sum += other._sum;
        Max = other.Max > Max ? other.Max : Max;
    }

    /// <summary>Gets the time that this part of all has not exceeded.</summary>
    public TimeSpan Percentile(double part)
    {
        long rank = (long)Math.Ceiling(part * Count);
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank && seen > 0)
            {
                TimeSpan bound = Bound(i + 1);
                return bound < Max ? bound : Max;
            }
        }

        return Max;
    }

    /// <summary>Gets the counts by halves of octaves, from the first that has any to the last.</summary>
    public IEnumerable<(TimeSpan UpTo, long Count)> Bars()
    {
        const int Group = BucketsPerOctave / 2;
        int first = Array.FindIndex(_counts, count => count > 0) / Group;
        int last = Array.FindLastIndex(_counts, count => count > 0) / Group;
        for (int i = first; Count > 0 && i <= last; i++)
        {
            yield return (Bound((i + 1) * Group), _counts.Skip(i * Group).Take(Group).Sum());
        }
    }

    private static TimeSpan Bound(int bucket) => TimeSpan.FromMicroseconds(Math.Pow(2, (double)bucket / BucketsPerOctave));
}
