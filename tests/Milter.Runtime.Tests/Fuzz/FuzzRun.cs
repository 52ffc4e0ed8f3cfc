using System.Diagnostics;
using System.Globalization;

namespace Milter.Runtime.Tests.Fuzz;

/// <summary>Plays changed sessions for a while.</summary>
internal static class FuzzRun
{
    /// <summary>Plays until the time is up or a promise is broken.</summary>
    /// <param name="time">How long.</param>
    /// <param name="seed">What the changes follow from.</param>
    /// <param name="folder">Where an input is left that broke a promise.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(TimeSpan time, int seed, string folder)
    {
        byte[][] corpus = Corpus.Load();
        var mutator = new Mutator(new Random(seed), corpus);
        var watch = Stopwatch.StartNew();
        long played = 0;
        for (int i = 0; watch.Elapsed < time; i++, played++)
        {
            byte[] input = i < corpus.Length ? corpus[i] : mutator.Next();
            if (!await TryAsync(input))
            {
                string path = Path.Combine(folder, $"fuzz-{seed}-{i}.input");
                await File.WriteAllBytesAsync(path, input);
                Console.WriteLine($"The input is {path}: tests/fuzz/run.sh {path} plays it again.");
                return 1;
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fuzz: {played} sessions in {watch.Elapsed.TotalSeconds:0} s from {corpus.Length} recorded ones, seed {seed}: no promise broken"));
        return 0;
    }

    /// <summary>Plays one input.</summary>
    /// <returns>Whether all promises were kept.</returns>
    public static async Task<bool> TryAsync(byte[] input)
    {
        try
        {
            await FuzzInput.PlayAsync(input);
            return true;
        }
#pragma warning disable CA1031 // Any exception is what is looked for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Console.WriteLine(exception);
            return false;
        }
    }
}
