using System.Collections.Concurrent;
using System.Text;

namespace Milter.Scenarios;

/// <summary>What handlers have seen, for the driver to ask for.</summary>
internal static class Notes
{
    private static readonly ConcurrentQueue<string> s_notes = new();

    public static void Add(string note) => s_notes.Enqueue(note);

    public static void Add(ReadOnlySpan<byte> text) => Add(Encoding.Latin1.GetString(text));

    /// <summary>All that was noted so far, and forgets it.</summary>
    public static string Take()
    {
        var notes = new List<string>();
        while (s_notes.TryDequeue(out string? note))
        {
            notes.Add(note);
        }

        return string.Join('|', notes);
    }
}
