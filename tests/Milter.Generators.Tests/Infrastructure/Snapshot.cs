using System.Runtime.CompilerServices;

namespace Milter.Generators.Tests.Infrastructure;

/// <summary>
/// Compares text with <c>Snapshots/{TestClass}.{TestMethod}.verified.{ext}</c> beside the test.
/// On a difference it writes <c>*.received.*</c> next to it; rename that file to accept it, or run with <c>ACCEPT_SNAPSHOTS=1</c>.
/// </summary>
internal static class Snapshot
{
    public static void Verify(
        string actual,
        string extension = "cs",
        [CallerFilePath] string file = "",
        [CallerMemberName] string test = "")
    {
        string folder = Path.Combine(Path.GetDirectoryName(file)!, "Snapshots");
        string stem = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(file)}.{test}");
        string verified = $"{stem}.verified.{extension}";
        string received = $"{stem}.received.{extension}";

        if (File.Exists(verified) && File.ReadAllText(verified).ReplaceLineEndings("\n") == actual)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(folder);
        bool accept = Environment.GetEnvironmentVariable("ACCEPT_SNAPSHOTS") == "1";
        File.WriteAllText(accept ? verified : received, actual);
        Assert.True(accept, $"The snapshot differs. Compare\n  {verified}\n  {received}");
    }
}
