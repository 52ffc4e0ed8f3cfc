namespace Milter.Mta.Tests;

/// <summary>Whether this machine has a program that a test holds ours against.</summary>
internal static class ToolRequirement
{
    /// <summary>Skips the test, or fails it where servers are required, when the program is not installed.</summary>
    /// <param name="program">The program's file.</param>
    /// <param name="package">Debian's package of it.</param>
    public static void Demand(string program, string package)
    {
        if (!File.Exists(program))
        {
            string reason = $"{program} is not installed (Debian: {package}).";
            Assert.False(Environment.GetEnvironmentVariable(MtaRequirement.RequireVariable) == "1", reason);
            Skip.If(true, reason);
        }
    }
}
