using System.Collections.Concurrent;

namespace Milter.Mta.Tests;

/// <summary>Whether this machine can run a mail server; looked up once for each.</summary>
public static class MtaRequirement
{
    /// <summary>The variable that, when it is 1, makes a test without its server fail instead of being skipped.</summary>
    public const string RequireVariable = "ATTRMILTER_REQUIRE_MTA";

    /// <summary>The variable that names the folder in which Sendmail's packages were unpacked.</summary>
    public const string SendmailRootVariable = "ATTRMILTER_SENDMAIL_ROOT";

    private static readonly ConcurrentDictionary<MtaKind, Lazy<Task<string?>>> s_missing = [];

    /// <summary>The folder in which Sendmail's packages were unpacked.</summary>
    internal static string? SendmailRoot => Environment.GetEnvironmentVariable(SendmailRootVariable);

    /// <summary>Skips the test, or fails it where servers are required, when the server cannot run here.</summary>
    public static async Task DemandAsync(MtaKind kind)
    {
        string? missing = await s_missing.GetOrAdd(kind, static kind => new(() => FindMissingAsync(kind))).Value;
        if (missing is not null)
        {
            string reason = $"{kind} cannot run here: {missing}";
            Assert.False(Environment.GetEnvironmentVariable(RequireVariable) == "1", reason);
            Skip.If(true, reason);
        }
    }

    private static async Task<string?> FindMissingAsync(MtaKind kind)
    {
        const string script = "tests/Milter.Mta.Tests/install-mtas.sh";
        if (!OperatingSystem.IsLinux())
        {
            return "it needs Linux.";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "run the tests as root, who alone may start it.";
        }

        return kind switch
        {
            MtaKind.Postfix when !File.Exists(PostfixServer.Master) =>
                $"it is not installed; `{script}` does that on Debian.",
            MtaKind.Sendmail when string.IsNullOrEmpty(SendmailRoot) =>
                $"{SendmailRootVariable} is not set; `{script} FOLDER` unpacks it, then set the variable to FOLDER.",
            MtaKind.Sendmail => await FindMissingForSendmailAsync(SendmailRoot!, script),
            _ => null,
        };
    }

    private static async Task<string?> FindMissingForSendmailAsync(string root, string script)
    {
        if (!File.Exists(SendmailServer.Binary(root)) || !Directory.Exists(SendmailServer.MacroFolder(root)) || !File.Exists("/usr/bin/m4"))
        {
            return $"it, or m4, is missing in {root}; `{script} {root}` unpacks it.";
        }

        CommandResult libraries = await Command.RunAsync("/usr/bin/ldd", [SendmailServer.Binary(root)]);
        if (libraries.Text.Contains("not found", StringComparison.Ordinal))
        {
            return $"a library is missing; `{script} {root}` installs them.\n{libraries.Text}";
        }

        CommandResult unshare = await Command.RunAsync("/usr/bin/unshare", ["--uts", "true"]);
        return unshare.ExitCode == 0 ? null : $"`unshare --uts` gives it a host name with a dot, and is not allowed: {unshare.Error}";
    }
}
