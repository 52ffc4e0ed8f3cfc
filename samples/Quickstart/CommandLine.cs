using System.Diagnostics.CodeAnalysis;

namespace Quickstart;

/// <summary>What the program was asked to do.</summary>
internal sealed class CommandLine
{
    public const string Help = """
        quickstart: a mail filter (milter) for Postfix and Sendmail that tags mail from outside and refuses words in subjects.

          quickstart [--time] [--SECTION:KEY VALUE]...   listens until SIGTERM or Ctrl+C
          quickstart demo [--time] [FILE]...             shows the filter at work, without a mail server: messages of its own, or yours
          quickstart --help

        --SECTION:KEY sets what appsettings.json sets: --Milter:Listen inet:9200@localhost --Quickstart:Tag "[OUTSIDE]"
        --time tells how long it took from the start of the process to listening.

        Exit codes: 0; 1 when the demo did not go as it should; 64 when the command line is wrong; 78 when the settings are, or the endpoint can't be opened.
        """;

    // Whatever else stands before a colon would be taken and change nothing.
    private static readonly string[] s_sections = ["Milter:", "Quickstart:", "Logging:"];

    private CommandLine()
    {
    }

    public bool AsksForHelp { get; private set; }

    public bool IsDemo { get; private set; }

    public bool ShowsTime { get; private set; }

    /// <summary>Gets the messages for the demo.</summary>
    public List<string> Files { get; } = [];

    /// <summary>Gets the settings, in the form that the host reads.</summary>
    public List<string> Settings { get; } = [];

    /// <summary>Reads a command line.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="commandLine">What was read.</param>
    /// <param name="error">What is wrong, where, and how to mend it.</param>
    /// <returns>Whether all of it was understood.</returns>
    public static bool TryParse(string[] args, [NotNullWhen(true)] out CommandLine? commandLine, [NotNullWhen(false)] out string? error)
    {
        commandLine = new CommandLine();
        error = null;
        for (int i = 0; i < args.Length && error is null; i++)
        {
            error = commandLine.Take(args, ref i);
        }

        commandLine = error is null ? commandLine : null;
        return commandLine is not null;
    }

    private string? Take(string[] args, ref int i)
    {
        string arg = args[i];
        switch (arg)
        {
            case "--help" or "-h" or "-?":
                AsksForHelp = true;
                return null;
            case "--time":
                ShowsTime = true;
                return null;
            case "demo" when !IsDemo && Settings.Count == 0:
                IsDemo = true;
                return null;
            case ['-', _, ..]:
                return TakeSetting(args, ref i);
            case { Length: > 0 } when IsDemo:
                Files.Add(arg);
                return null;
            default:
                return Complaint(arg, i, "is no command. Write demo to see the filter at work, or nothing to have it listen.");
        }
    }

    private string? TakeSetting(string[] args, ref int i)
    {
        string arg = args[i];
        if (IsDemo)
        {
            return Complaint(arg, i, "is no option of the demo, which has settings of its own. Options are --time and --help; a file whose name begins so is ./" + arg + ".");
        }

        if (!arg.StartsWith("--", StringComparison.Ordinal) || !s_sections.Any(section => arg.AsSpan(2).StartsWith(section, StringComparison.OrdinalIgnoreCase)))
        {
            return Complaint(arg, i, "is no option. Settings are --Milter:KEY, --Quickstart:KEY and --Logging:KEY with a value, as in --Milter:Listen inet:9200@localhost.");
        }

        Settings.Add(arg);
        if (arg.Contains('=', StringComparison.Ordinal))
        {
            return null;
        }

        if (i + 1 == args.Length || args[i + 1].StartsWith("--", StringComparison.Ordinal))
        {
            return Complaint(arg, i, "has no value behind it. One that begins with -- is written behind an equals sign: " + arg + "=VALUE.");
        }

        Settings.Add(args[++i]);
        return null;
    }

    private static string Complaint(string arg, int i, string what) => $"quickstart: \"{arg}\" (word {i + 1} of the command line) {what} quickstart --help says more.";
}
