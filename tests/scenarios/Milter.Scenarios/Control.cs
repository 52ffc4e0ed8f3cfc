using System.Diagnostics;
using System.Globalization;

namespace Milter.Scenarios;

/// <summary>Answers the driver's questions, a line each, on a thread of its own: the pool may be full.</summary>
internal sealed class Control(MilterServer server)
{
    private const int Starters = 2;

    public void Serve()
    {
        while (Console.In.ReadLine() is { } line)
        {
            Console.Out.WriteLine(Answer(line.Split(' ')));
        }
    }

    private string Answer(string[] words)
    {
        try
        {
            switch (words[0])
            {
                case "heap":
                    return GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture);
                case "health":
                    return $"{server.Health.IsHealthy} {server.Health.Connections} {server.Health}";
                case "log":
                    return EventLog.Counts;
                case "date":
                    return DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                case "notes":
                    return Notes.Take();
                case "on" or "off":
                    Switches.Set(words[1], words[0] == "on");
                    return "";
                case "stop":
                    // Asked by a thread of its own: what it waits for must not wait for this one.
                    return Task.Run(() => server.StopAsync()).Wait(TimeSpan.FromSeconds(20)) ? "stopped" : "not stopped";
                case "child":
                    return Child();
                case "together":
                    return Together(words[1]);
                default:
                    return "there is no command " + words[0];
            }
        }
        catch (Exception e)
        {
            Exception cause = e is AggregateException ? e.InnerException! : e;
            return $"{cause.GetType().Name}: {cause.Message}";
        }
    }

    /// <summary>The descriptors of a process that the filter starts.</summary>
    private static string Child()
    {
        using Process child = Process.Start(new ProcessStartInfo("ls", "-l /proc/self/fd") { RedirectStandardOutput = true })!;
        string[] lines = child.StandardOutput.ReadToEnd().Split('\n');
        child.WaitForExit();
        return string.Join('|', lines.Where(static text => text.Contains("socket:", StringComparison.Ordinal)));
    }

    /// <summary>Starts servers on a path at the same time; gives how many listen, and why one does not.</summary>
    private static string Together(string path)
    {
        int arrived = 0;
        Task<MilterServer>[] starts =
        [
            .. Enumerable.Range(0, Starters).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    // They go at the same moment, and a look-up of names takes a moment more in the middle of a start.
                    Interlocked.Increment(ref arrived);
                    SpinWait.SpinUntil(() => Volatile.Read(ref arrived) == Starters);
                    return MilterServer.StartAsync<DoingFilter>("unix:" + path, static options => (options.SocketOwner, options.SocketGroup) = ("root", "root")).GetAwaiter().GetResult();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)),
        ];
        try
        {
            Task.WaitAll(starts);
        }
        catch (AggregateException)
        {
            // All but one are to fail.
        }

        MilterServer[] started = [.. starts.Where(static start => start.IsCompletedSuccessfully).Select(static start => start.Result)];
        foreach (MilterServer one in started)
        {
            one.DisposeAsync().AsTask().Wait();
        }

        File.Delete(path);
        string? refusal = starts.FirstOrDefault(static start => start.IsFaulted)?.Exception!.InnerException!.Message;
        return $"{started.Length} {refusal}";
    }
}
