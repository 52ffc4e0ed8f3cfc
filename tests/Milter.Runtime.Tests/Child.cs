using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Milter.Listening;

namespace Milter.Runtime.Tests;

/// <summary>This assembly as a program, for tests that need a process of its own. It ends with its standard input, also when the test dies.</summary>
internal static class Child
{
    private const int Spare = 24;

    /// <summary>Starts it.</summary>
    public static Process Start(params IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(Child).Assembly.Location, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["listen", var endPoint]:
                await ListenAsync(endPoint);
                return 0;
            case ["children", var endPoint]:
                await TellInheritedAsync();
                await ListenOnceAsync(endPoint);
                await TellInheritedAsync();
                return 0;
            case ["fuzz", var seconds, var seed, var folder]:
                return await Fuzz.FuzzRun.RunAsync(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), int.Parse(seed, CultureInfo.InvariantCulture), folder);
            case ["fuzz", var input]:
                return await Fuzz.FuzzRun.TryAsync(await File.ReadAllBytesAsync(input)) ? 0 : 1;
            case ["fuzz-seeds", var folder]:
                await Fuzz.GuidedFuzz.WriteSeedsAsync(folder);
                return 0;
            case ["fuzz-guided"]:
                Fuzz.GuidedFuzz.Run();
                return 0;
            case ["host", .. var settings]:
                await Hosting.JudgeHost.RunAsync(settings);
                return Environment.ExitCode;
            case ["starve", var endPoint]:
                await StarveAsync(endPoint);
                return 0;
            default:
                await Console.Error.WriteLineAsync("A test starts this with: listen ENDPOINT | children ENDPOINT | starve ENDPOINT | host SETTING...; tests/fuzz/run.sh with: fuzz SECONDS SEED FOLDER | fuzz INPUT; tests/fuzz/guided.sh with: fuzz-seeds FOLDER | fuzz-guided");
                return 64;
        }
    }

    /// <summary>Says that it is ready, starts a filter on a line of input, says what came of it, and keeps it until the input ends.</summary>
    private static async Task ListenAsync(string endPoint)
    {
        Console.WriteLine("ready");
        await Console.In.ReadLineAsync();
        try
        {
            await using MilterServer server = await MilterServer.StartAsync<Transport.ScriptedFilter>(endPoint);
            Console.WriteLine("listens");
            await Console.In.ReadToEndAsync();
        }
        catch (MilterListenException e)
        {
            Console.WriteLine(e.Message);
        }
    }

    /// <summary>Says how many of the first two sockets that this process was given a program has that it starts.</summary>
    private static async Task TellInheritedAsync()
    {
        using Process program = Process.Start(new ProcessStartInfo("readlink", ["/proc/self/fd/3", "/proc/self/fd/4"]) { RedirectStandardOutput = true })!;
        string links = await program.StandardOutput.ReadToEndAsync();
        Console.WriteLine($"inherited: {links.Split("socket:").Length - 1}");
    }

    /// <summary>Listens with no descriptor left, with one, with two, and so on, and says what came of each.</summary>
    private static async Task StarveAsync(string endPoint)
    {
        // What has to be loaded or opened needs descriptors, too.
        Console.WriteLine("ready");
        await ListenOnceAsync(endPoint);
        await ListenOnceAsync("unix:/missing/folder/s");

        var held = new Stack<SafeHandle>();
        for (int i = 0; i < Spare; i++)
        {
            held.Push(File.OpenHandle("/dev/null"));
        }

        var limit = new Limit { Soft = (nuint)(nint)held.Max(handle => handle.DangerousGetHandle()) + 1 };
        const int Files = 7;
        _ = GetLimit(Files, out Limit before);
        limit.Hard = before.Hard;
        _ = SetLimit(Files, limit);
        while (true)
        {
            string outcome = await ListenOnceAsync(endPoint);
            Console.WriteLine(outcome);
            if (outcome == "listens" || held.Count == 0)
            {
                return;
            }

            held.Pop().Dispose();
        }
    }

    private static async Task<string> ListenOnceAsync(string endPoint)
    {
        try
        {
            using Milter.Listening.MilterListener listener = await Milter.Listening.MilterListener.OpenAsync(new Milter.Listening.ListenSettings { EndPoint = MilterEndPoint.Parse(endPoint) }, default);
            return "listens";
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    private static extern int GetLimit(int resource, out Limit limit);

    [DllImport("libc", EntryPoint = "setrlimit")]
    private static extern int SetLimit(int resource, in Limit limit);

    private struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
