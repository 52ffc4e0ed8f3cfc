using Microsoft.Extensions.Logging;

namespace Milter.Telemetry;

/// <summary>Tells in the log which handlers block their thread: a line a minute for each stage at most, and none for what happens once in a while.</summary>
/// <remarks>A machine that is short of processors stalls any thread now and then. So it takes some blocks within a minute to name a handler.</remarks>
internal sealed class BlockingReport(MilterDescriptor descriptor, ILogger logger, TimeProvider time)
{
    private const int Often = 5, MostKept = 1_000;

    private const string More = "https://github.com/attrmilter/attrmilter/blob/main/docs/performance.md#handlers-that-block";

    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<MilterStages, Stage> _stages = [];

    /// <summary>Handlers of a stage have kept their thread from other work.</summary>
    /// <param name="at">The stage.</param>
    /// <param name="blocked">For how long.</param>
    /// <param name="hasComputed">Whether they have worked meanwhile rather than waited.</param>
    /// <returns>The name of the handlers.</returns>
    public string Add(MilterStages at, TimeSpan blocked, bool hasComputed = false)
    {
        Stage? stage;
        int count;
        bool computes;
        TimeSpan span, slow;
        lock (_stages)
        {
            if (!_stages.TryGetValue(at, out stage))
            {
                _stages[at] = stage = new Stage(descriptor.MethodsOf(at));
            }

            long now = time.GetTimestamp();
            span = time.GetElapsedTime(stage.Since, now);
            if (stage.Count == 0 || (stage.Count < Often && span > s_pause))
            {
                (stage.Since, stage.Count, stage.Computed, span) = (now, 0, 0, TimeSpan.Zero);
            }

            stage.Computed += hasComputed ? 1 : 0;
            stage.Times[stage.Count++ % MostKept] = blocked;
            if (stage.Count < Often || (stage.Told is { } told && time.GetElapsedTime(told, now) < s_pause))
            {
                return stage.Handler;
            }

            count = stage.Count;
            computes = stage.Computed * 2 > count;
            slow = Slow(stage.Times.AsSpan(0, Math.Min(count, MostKept)));
            (stage.Told, stage.Count, stage.Computed) = (now, 0, 0);
        }

        string what = computes ? "computed on" : "blocked";
        TransportLog.HandlerBlocks(logger, stage.Handler, what, count, Math.Max(1, (long)Math.Ceiling(span.TotalSeconds)), (long)Math.Ceiling(slow.TotalMilliseconds), More);
        return stage.Handler;
    }

    // Slower than 99 of 100; of fewer than a hundred the slowest.
    private static TimeSpan Slow(Span<TimeSpan> times)
    {
        times.Sort();
        return times[Math.Min(times.Length - 1, times.Length * 99 / 100)];
    }

    private sealed class Stage(string handler)
    {
        public string Handler => handler;

        public TimeSpan[] Times { get; } = new TimeSpan[MostKept];

        public int Count { get; set; }

        public int Computed { get; set; }

        public long Since { get; set; }

        public long? Told { get; set; }
    }
}
