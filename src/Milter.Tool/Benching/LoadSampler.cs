using System.Diagnostics;

namespace Milter.Tool;

/// <summary>Follows a load from moment to moment.</summary>
internal sealed class LoadSampler
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    private readonly List<LoadSample> _samples = [];
    private long _worst;

    public IReadOnlyList<LoadSample> Samples => _samples;

    /// <summary>A message has taken this long. Workers tell it, at once.</summary>
    public void Add(TimeSpan time)
    {
        for (long worst = Interlocked.Read(ref _worst); worst < time.Ticks;)
        {
            long was = Interlocked.CompareExchange(ref _worst, time.Ticks, worst);
            if (was == worst)
            {
                return;
            }

            worst = was;
        }
    }

    /// <summary>Looks ten times a second until the load has ended; a late look is a longer stretch.</summary>
    public async Task FollowAsync(Task load, long start, Func<long> done)
    {
        using var timer = new PeriodicTimer(s_step);
        (TimeSpan At, long Done) before = default;
        for (bool isOver = false; !isOver;)
        {
            isOver = await Task.WhenAny(load, timer.WaitForNextTickAsync(CancellationToken.None).AsTask()) == load;
            (TimeSpan At, long Done) now = (Stopwatch.GetElapsedTime(start), done());
            _samples.Add(new LoadSample(before.At, now.At, now.Done - before.Done, TimeSpan.FromTicks(Interlocked.Exchange(ref _worst, 0))));
            before = now;
        }
    }
}
