using System.CommandLine;
using Milter.Client;
using Spectre.Console;

namespace Milter.Tool;

/// <summary><c>milter send</c>: plays messages to a filter that runs.</summary>
internal static class SendCommand
{
    // A progress bar is for work that one waits for.
    private const int ManyMessages = 5;

    public static Command Make(Terminal terminal)
    {
        Argument<string> endPoint = MailOptions.EndPoint();
        Argument<string[]> files = Files();
        var mail = new MailOptions();
        Option<bool> json = Json();
        Option<bool> brief = Brief();
        var command = new Command("send", "Plays messages to a filter as an MTA does, and shows what it makes of them. Exit code: 0 passed, 1 refused, 75 refused for now, 2 dropped.") { endPoint, files, brief, json };
        mail.AddTo(command);
        HelpWithExamples.Add(
            "send",
            "milter send inet:8891@localhost message.eml",
            "milter send unix:/run/opendkim/opendkim.sock --mta sendmail --client mail.example.test[192.0.2.9] message.eml",
            "milter send inet:9199@localhost --from joe@example.test --to ann@example.net --macro auth_authen=joe < message.eml",
            "milter send inet:9199@localhost --brief ~/Maildir/cur inbox.mbox",
            "milter send inet:9199@localhost --offer 2,0x3f,0x7f message.eml        # an MTA of 2003",
            "milter send inet:9199@localhost --json message.eml | jq .modifications");
        command.SetAction((parsed, cancellation) =>
        {
            string target = parsed.GetValue(endPoint)!;
            var player = new MessagePlayer((options, token) => MilterConnection.OpenAsync(target, options, token), mail.Read(parsed));
            return PlayAsync(player, MessageSource.Read(parsed.GetValue(files)!, terminal), terminal, parsed.GetValue(json), parsed.GetValue(brief), cancellation);
        });
        return command;
    }

    public static Argument<string[]> Files() => new("FILE") { Description = "Messages: files, folders, mailboxes (mbox), - for the standard input.", Arity = ArgumentArity.ZeroOrMore };

    public static Option<bool> Json() => new("--json") { Description = "Writes JSON for programs." };

    public static Option<bool> Brief() => new("--brief", "-b") { Description = "A line for each message." };

    /// <summary>Plays messages and tells about them. What comes out is the most severe verdict.</summary>
    public static async Task<int> PlayAsync(MessagePlayer player, IEnumerable<SourceMessage> messages, Terminal terminal, bool json, bool brief, CancellationToken cancellation)
    {
        var codes = new List<int>();
        var report = new SendReport(terminal);
        async Task PlayAllAsync(IEnumerable<SourceMessage> all, Action told)
        {
            foreach (SourceMessage message in all)
            {
                PlayedMessage played = await player.PlayAsync(message, cancellation);
                codes.Add(played.ExitCode);
                Tell(played, codes.Count > 1);
                told();
            }
        }

        if (terminal.Progress is { } console && !terminal.IsTerminal && messages.ToArray() is { Length: >= ManyMessages } many)
        {
            await console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async context =>
            {
                ProgressTask task = context.AddTask("sending", maxValue: many.Length);
                await PlayAllAsync(many, () => task.Increment(1));
            });
        }
        else
        {
            await PlayAllAsync(messages, () => { });
        }

        if (codes.Count > 1 && !json)
        {
            terminal.Line();
            terminal.Line($"{Counted.Of(codes.Count, "message")}: {Count(ExitCode.Passed)} passed, {Count(ExitCode.Refused)} refused, {Count(ExitCode.TempFailed)} refused for now, {Count(ExitCode.Discarded)} dropped.");
        }

        return codes.Count == 0
            ? throw new ToolException(ExitCode.NoInput, "there is no message in what was named.")
            : new[] { ExitCode.Refused, ExitCode.TempFailed, ExitCode.Discarded }.FirstOrDefault(codes.Contains, ExitCode.Passed);

        int Count(int code) => codes.Count(one => one == code);

        void Tell(PlayedMessage played, bool isAnother)
        {
            if (json)
            {
                terminal.Line(SendJson.Line(SendJson.Of(played)));
            }
            else if (brief)
            {
                report.WriteBrief(played);
            }
            else
            {
                if (isAnother)
                {
                    terminal.Line();
                }

                report.Write(played);
            }
        }
    }
}
