using System.Globalization;
using System.Runtime.CompilerServices;

namespace Milter.Scenarios;

/// <summary>What a handler does is written in the message: <c>block 50, await 100</c>. So a scenario can be read in one place, its driver.</summary>
internal static class Deeds
{
    public static async ValueTask<Verdict> DoAsync(string? deeds, CancellationToken token)
    {
        foreach (string deed in (deeds ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = deed.Split(' ', 2);
            string argument = words.Length > 1 ? words[1] : "";
            switch (words[0])
            {
                case "block":
                    Thread.Sleep(Number(argument));
                    break;
                case "forever":
                    Thread.Sleep(Timeout.Infinite);
                    break;
                case "await":
                    await Task.Delay(Number(argument), token);
                    break;
                case "await-deaf":
                    await Task.Delay(Number(argument), CancellationToken.None);
                    break;
                case "hop":
                    await Task.Yield();
                    break;
                case "take":
                    Notes.Add(Take(Number(argument)) > 0 ? "taken" : "lost");
                    break;
                case "recurse":
                    Notes.Add(Down(Number(argument)) == 0 ? "down" : "lost");
                    break;
                case "on":
                    Switches.Set(argument, on: true);
                    break;
                case "held-tick":
                    Notes.Add(SteeredTime.AwaitHeldTick(Number(argument)) ? "held" : "not held");
                    break;
                default:
                    throw new ArgumentException($"There is no deed {deed}.");
            }
        }

        return Verdict.Continue;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    // So many MiB, all of them touched and held at a time.
    private static int Take(int mebibytes)
    {
        var taken = new byte[mebibytes][];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = new byte[1 << 20];
            taken[i].AsSpan().Fill(1);
        }

        return taken.Sum(static piece => piece[^1]);
    }

    // A frame has 64 bytes of its own, as that of a parser of nested parts may have.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static int Down(int depth)
    {
        Span<byte> own = stackalloc byte[64];
        own[depth % own.Length] = 1;
        return depth == 0 ? 0 : Down(depth - 1) + own[(depth + 1) % own.Length];
    }
}
