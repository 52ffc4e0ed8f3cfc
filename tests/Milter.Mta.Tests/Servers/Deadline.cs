using System.Diagnostics;

namespace Milter.Mta.Tests;

/// <summary>Waiting for a condition, for as long as a busy machine may need.</summary>
internal static class Deadline
{
    // The kernel's __SO_ACCEPTCON.
    private const string ListensFlag = "00010000";

    /// <summary>The time after which what has not happened will not happen.</summary>
    public static TimeSpan Generous { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Asks again and again until the condition holds; false when the time is over.</summary>
    public static async Task<bool> UntilAsync(Func<ValueTask<bool>> condition, TimeSpan? within = null)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > (within ?? Generous))
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        return true;
    }

    /// <summary>Asks again and again until the condition holds; false when the time is over.</summary>
    public static Task<bool> UntilAsync(Func<bool> condition, TimeSpan? within = null) =>
        UntilAsync(() => ValueTask.FromResult(condition()), within);

    /// <summary>Whether somebody listens on a unix socket. Its file is there from <c>bind(2)</c> on, and refuses who comes before <c>listen(2)</c>.</summary>
    /// <remarks>The kernel's table is read, and nobody is connected to: a connection may start what waits for one.</remarks>
    public static bool Listens(string socket) =>
        File.ReadLines("/proc/net/unix").Any(line => line.Split(' ') is [_, _, _, ListensFlag, .., var path] && path == socket);
}
