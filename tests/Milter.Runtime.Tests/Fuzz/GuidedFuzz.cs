using SharpFuzz;

namespace Milter.Runtime.Tests.Fuzz;

/// <summary>The same inputs and promises as <see cref="FuzzRun"/>, with AFL++ choosing the changes by the code that they reach: <c>tests/fuzz/guided.sh</c>.</summary>
internal static class GuidedFuzz
{
    /// <summary>Writes the recorded sessions to files, for AFL++ to begin with.</summary>
    public static async Task WriteSeedsAsync(string folder)
    {
        byte[][] corpus = Corpus.Load();
        for (int i = 0; i < corpus.Length; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{i:000}"), corpus[i]);
        }
    }

    /// <summary>Plays what AFL++ gives, until it ends this process. An exception is a crash to it.</summary>
    public static void Run() =>
        Fuzzer.Run(static stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            FuzzInput.PlayAsync(input.ToArray()).GetAwaiter().GetResult();
        });
}
