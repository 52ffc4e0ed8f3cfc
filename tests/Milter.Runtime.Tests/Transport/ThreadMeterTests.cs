using Milter.Transport.Loops;

namespace Milter.Runtime.Tests.Transport;

/// <summary>Protects the difference between a handler that blocks and a loop that only waits for a processor: without it a busy machine makes every handler look stuck.</summary>
public sealed class ThreadMeterTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    [SkippableFact]
    public void A_blocked_thread_is_not_runnable_and_uses_no_time()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the meter reads what Linux tells");
        using var release = new ManualResetEvent(false);
        WithMeterOf(() => release.WaitOne(), release, meter =>
        {
            // On its way into the wait it may stop and go on: only from then on does its time stand.
            Assert.True(SpinWait.SpinUntil(() => Stands(meter), s_limit));
        });

        static bool Stands(ThreadMeter meter)
        {
            long used = meter.Used;
            Thread.Sleep(1);
            return !meter.IsRunnable && meter.Used == used;
        }
    }

    [SkippableFact]
    public void A_computing_thread_is_runnable_and_its_time_goes_on()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the meter reads what Linux tells");
        using var release = new ManualResetEvent(false);
        bool stops = false;
        WithMeterOf(
            () =>
            {
                while (!Volatile.Read(ref stops))
                {
                    Thread.SpinWait(1_000);
                }
            },
            release,
            meter =>
            {
                long used = meter.Used;
                Assert.True(SpinWait.SpinUntil(() => meter.Used > used + 1_000_000, s_limit));
                Assert.True(SpinWait.SpinUntil(() => meter.IsRunnable, s_limit));
                Volatile.Write(ref stops, true);
            });
    }

    [SkippableFact]
    public void A_thread_that_has_ended_counts_as_blocked()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the meter reads what Linux tells");
        ThreadMeter? meter = null;
        var thread = new Thread(() => meter = new ThreadMeter());
        thread.Start();
        thread.Join();

        // The kernel's thread may outlive the join by a moment.
        Assert.True(SpinWait.SpinUntil(() => !meter!.IsRunnable, s_limit));
        meter!.Dispose();
    }

    private static void WithMeterOf(Action work, ManualResetEvent release, Action<ThreadMeter> look)
    {
        using var made = new ManualResetEvent(false);
        ThreadMeter? meter = null;
        var thread = new Thread(() =>
        {
            meter = new ThreadMeter();
            made.Set();
            work();
        });
        thread.Start();
        try
        {
            Assert.True(made.WaitOne(s_limit));
            look(meter!);
        }
        finally
        {
            release.Set();
            thread.Join();
            meter?.Dispose();
        }
    }
}
