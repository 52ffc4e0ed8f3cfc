using System.Diagnostics;

namespace Milter.Conformance.Tests.Filters;

/// <summary>The probe on libmilter, compiled for this run.</summary>
internal static class Twin
{
    /// <summary>Compiles it.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="reason">Why it could not be compiled.</param>
    /// <returns>Its command line, or null.</returns>
    public static IReadOnlyList<string>? TryBuild(string folder, out string reason)
    {
        string program = Path.Combine(folder, "probe");
        string source = Path.Combine(AppContext.BaseDirectory, "conformance", "probe.c");
        reason = "";
        try
        {
            var start = new ProcessStartInfo("cc", ["-O1", "-g", "-Wall", "-Wextra", "-o", program, source, "-lmilter", "-lpthread"]) { RedirectStandardError = true };
            using Process compiler = Process.Start(start)!;
            string error = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            if (compiler.ExitCode == 0)
            {
                return [program, "--listen", "{listen}"];
            }

            reason = $"The twin can't be compiled; is libmilter-dev installed? {error}";
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            reason = $"There is no C compiler: {exception.Message}";
        }

        return null;
    }
}
