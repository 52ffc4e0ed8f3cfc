using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Milter.Client;

namespace Milter.Tool;

/// <summary>The command <c>milter</c>: its parts, its help, and what becomes of errors.</summary>
internal static class ToolProgram
{
    // Words are taken as they stand: the library would read "@example.net" as the name of a file with more of them.
    private static readonly ParserConfiguration s_asGiven = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellation = default)
    {
        RootCommand root = Make(terminal);
        try
        {
            ParseResult parsed = root.Parse(args, s_asGiven);
            if (StrayOption.Find(parsed, args) is { } stray)
            {
                await terminal.Error.WriteLineAsync($"milter: {stray}");
                await TellWhereHelpIsAsync(terminal, parsed);
                return ExitCode.Usage;
            }

            bool isMisused = parsed.Action is ParseErrorAction;
            if (parsed.Action is ParseErrorAction error)
            {
                // The error and where help is; the whole help would bury the error.
                error.ShowHelp = false;
            }

            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = terminal.Output, Error = terminal.Error };
            int code = await parsed.InvokeAsync(configuration, cancellation);
            if (isMisused)
            {
                await TellWhereHelpIsAsync(terminal, parsed);
            }

            return isMisused ? ExitCode.Usage : code;
        }
        catch (Exception exception) when (Describe(exception) is var (code, text))
        {
            await terminal.Error.WriteLineAsync("milter: " + text);
            return code;
        }
        finally
        {
            await terminal.Output.FlushAsync(CancellationToken.None);
        }
    }

    /// <summary>Makes all commands.</summary>
    internal static RootCommand Make(Terminal terminal)
    {
        var root = new RootCommand("Tries out, explains, watches, checks and measures mail filters (milters) of Postfix and Sendmail.")
        {
            SendCommand.Make(terminal),
            ExplainCommand.Make(terminal),
            RunCommand.Make(terminal),
            TraceCommand.Make(terminal),
            ReplayCommand.Make(terminal),
            CheckCommand.Make(terminal),
            BenchCommand.Make(terminal),
            HealthCommand.Make(terminal),
            PolicyCommand.Make(terminal),
            PartsCommand.Make(terminal),
            AuthCommand.Make(terminal),
        };
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }

        return root;
    }

    /// <summary>Gives a command as it is typed: names alone would mix <c>milter check</c> with <c>milter auth check</c>.</summary>
    public static string PathOf(Command command) => command is RootCommand ? "milter" : string.Join(' ', [.. command.Parents.OfType<Command>().Take(1).Select(PathOf), command.Name]);

    private static Task TellWhereHelpIsAsync(Terminal terminal, ParseResult parsed) => terminal.Error.WriteLineAsync($"{PathOf(parsed.CommandResult.Command)} --help says what it takes.");

    private static (int Code, string Text)? Describe(Exception exception) => exception switch
    {
        ToolException tool => (tool.ExitCode, tool.Message),
        MilterClientException { Error: MilterClientError.Refused } refused => (ExitCode.Unreachable, refused.Message + Advice(refused)),
        MilterClientException client => (ExitCode.Protocol, client.Message),
        OperationCanceledException => (ExitCode.Interrupted, "interrupted."),
        IOException or UnauthorizedAccessException => (ExitCode.NoInput, exception.Message),
        _ => null,
    };

    private static string Advice(MilterClientException refused) => refused.InnerException is System.Net.Sockets.SocketException socket
        ? socket.SocketErrorCode switch
        {
            System.Net.Sockets.SocketError.AccessDenied => "\nThe socket's rights don't let you in: run this as the MTA's user (sudo -u postfix milter …), or join the socket's group.",
            System.Net.Sockets.SocketError.HostNotFound or System.Net.Sockets.SocketError.TryAgain or System.Net.Sockets.SocketError.NoData => "\nThe host name is not known here: write the address instead.",
            _ => "\nIs the filter running, and is this where it listens? For TCP, `ss -ltn` lists what is listened on; for a unix socket, `ss -lx`.",
        }
        : "";
}

/// <summary>Help with examples at its end.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> s_examples = [];

    public static void Add(string command, params string[] examples) => s_examples["milter " + command] = examples;

    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        if (s_examples.TryGetValue(ToolProgram.PathOf(parseResult.CommandResult.Command), out string[]? examples))
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in examples)
            {
                output.WriteLine("  " + example);
            }

            output.WriteLine();
        }

        return code;
    }
}
