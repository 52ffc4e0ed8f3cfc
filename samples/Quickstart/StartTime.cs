using System.Diagnostics;

namespace Quickstart;

/// <summary>How long it took to begin.</summary>
internal static class StartTime
{
    /// <summary>Says how long this process has run until now.</summary>
    public static string Report()
    {
        using var process = Process.GetCurrentProcess();
        return $"Listening {(DateTime.UtcNow - process.StartTime.ToUniversalTime()).TotalMilliseconds:F0} ms after the process began.";
    }
}
