using System.Globalization;

namespace Milter.Mta.Tests;

/// <summary>Servers of test runs that were killed before they could stop them. Each server's folder says who it is and whose it was.</summary>
internal static class Leftovers
{
    private const string FileName = "owner.pid";

    private static readonly string[] s_parents = ["/run", "/var/lib", Path.GetTempPath()];
    private static readonly Lazy<Task> s_sweep = new(() => SweepAsync(s_parents));

    /// <summary>Ends them, once in this process.</summary>
    public static Task SweepAsync() => s_sweep.Value;

    /// <summary>Notes in a server's folder its main process, and this process as the one that stops it.</summary>
    public static void Note(string folder, int server) => Note(folder, server, Environment.ProcessId);

    public static void Note(string folder, int server, int owner) => File.WriteAllText(
        Path.Combine(folder, FileName),
        string.Create(CultureInfo.InvariantCulture, $"{server} {MtaProcess.BeginningOf(server)} {owner} {MtaProcess.BeginningOf(owner)}"));

    /// <summary>Ends the servers below these folders whose owner is gone. A process is the one that was noted only if it has begun when that one did: ids are used again.</summary>
    public static async Task SweepAsync(IEnumerable<string> parents)
    {
        foreach (string folder in parents.Where(Directory.Exists).SelectMany(static parent => Directory.EnumerateDirectories(parent, "attrmilter-*")))
        {
            string[] note = Read(Path.Combine(folder, FileName));
            if (note.Length != 4 || Lives(note[2], note[3]))
            {
                continue;
            }

            if (Lives(note[0], note[1]))
            {
                await MtaProcess.EndSessionAsync(int.Parse(note[0], CultureInfo.InvariantCulture));
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Lives(string id, string beginning) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int process) && beginning.Length > 0 && MtaProcess.BeginningOf(process) == beginning;

    private static string[] Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
