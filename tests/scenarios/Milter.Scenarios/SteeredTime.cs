namespace Milter.Scenarios;

/// <summary>The system's time, in which whoever asks for it can be held, as a thread is that the kernel does not run just then, or be let down.</summary>
internal sealed class SteeredTime : TimeProvider
{
    private static readonly TimeSpan s_hold = TimeSpan.FromMilliseconds(600);
    private static readonly ManualResetEventSlim s_isHeld = new();

    [ThreadStatic]
    private static bool s_ticks;

    [ThreadStatic]
    private static int s_asked;

    private static volatile int s_holdTickAt;
    private static int s_holdOwner;

    /// <summary>Whether the next question of an engine's thread throws; once.</summary>
    public static volatile bool Throws;

    public override long TimestampFrequency
    {
        get
        {
            Ask();
            return base.TimestampFrequency;
        }
    }

    /// <summary>Holds a timer's callback at its n-th question, and waits until it is held, or for two seconds.</summary>
    public static bool AwaitHeldTick(int question)
    {
        s_isHeld.Reset();
        s_holdTickAt = question;
        bool isHeld = s_isHeld.Wait(TimeSpan.FromSeconds(2));
        s_holdTickAt = 0;
        return isHeld;
    }

    /// <summary>Holds each of the next questions that no timer's callback asks.</summary>
    public static void HoldOwner(int questions) => Volatile.Write(ref s_holdOwner, questions);

    public override long GetTimestamp()
    {
        Ask();
        if (!s_ticks)
        {
            if (Volatile.Read(ref s_holdOwner) > 0 && Interlocked.Decrement(ref s_holdOwner) >= 0)
            {
                Thread.Sleep(s_hold);
            }

            if (Throws)
            {
                Throws = false;
                throw new InvalidOperationException("The clock is away.");
            }
        }

        return base.GetTimestamp();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(
            given =>
            {
                (s_ticks, s_asked) = (true, 0);
                try
                {
                    callback(given);
                }
                finally
                {
                    s_ticks = false;
                }
            },
            state,
            dueTime,
            period);

    private static void Ask()
    {
        if (s_ticks && ++s_asked == s_holdTickAt)
        {
            s_holdTickAt = 0;
            s_isHeld.Set();
            Thread.Sleep(s_hold);
        }
    }
}
