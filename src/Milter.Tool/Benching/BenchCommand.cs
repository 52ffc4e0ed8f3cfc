using System.CommandLine;
using System.Globalization;
using Milter.Client;
using Spectre.Console;

namespace Milter.Tool;

/// <summary><c>milter bench</c>: how much a filter takes.</summary>
internal static class BenchCommand
{
    public static Command Make(Terminal terminal)
    {
        Argument<string> endPoint = MailOptions.EndPoint();
        Option<int> connections = NumberOption.Whole("--connections", "How many sessions at a time.", 1, 10_000, 10, "-c");
        Option<int> perSession = NumberOption.Count("--per-session", "How many messages in a session.", 1);
        Option<long?> messages = NumberOption.Limit("--messages", "Ends after so many messages.", "-n");
        Option<double?> duration = NumberOption.Seconds("--duration", "Ends after this time; 10 seconds where --messages is not given.", "-d");
        Option<int> size = NumberOption.Whole("--size", "The body, in bytes.", 1, 64 << 20, 4096);
        var workload = new Option<string>("--workload", "-w") { Description = "plain; mixed: 6 of 10 of the size, 3 of 8 times, 1 of 64 times; recipients: 50 a message; aborts: 1 of 4 given up.", HelpName = "NAME", DefaultValueFactory = _ => "plain" };
        workload.AcceptOnlyFromAmong(Workload.Names);
        var message = new Option<string?>("--message") { Description = "The message, instead of one made up.", HelpName = "FILE.eml" };
        var mta = new Option<string>("--mta") { Description = "In whose way messages are told: postfix or sendmail.", HelpName = "MTA", DefaultValueFactory = _ => "postfix" };
        mta.AcceptOnlyFromAmong("postfix", "sendmail");
        Option<bool> json = SendCommand.Json();
        Option<string?> html = OutputFile.Html("Writes a page as well: figures, the distribution of times, and how it went from second to second.");
        var command = new Command("bench", "Measures how many messages a filter takes, and how long it takes for one. Ctrl+C ends it, and shows what it has. Exit code: 0, or 1 with errors.") { endPoint, connections, perSession, messages, duration, size, workload, message, mta, json, html };
        HelpWithExamples.Add(
            "bench",
            "milter bench inet:8891@localhost",
            "milter bench unix:/run/filter.sock --connections 50 --per-session 10 --duration 30",
            "milter bench inet:9199@localhost --messages 1000 --workload mixed --json | jq .messagesPerSecond",
            "milter bench inet:9199@localhost --message newsletter.eml --mta sendmail",
            "milter bench inet:9199@localhost --html bench.html");
        command.SetAction(async (parsed, cancellation) =>
        {
            string? page = parsed.GetValue(html) is { } path ? OutputFile.Check("--html", path) : null;
            MailContent? given = parsed.GetValue(message) is { } file ? MailContent.Load(file) : null;
            var options = new MilterClientOptions { Personality = parsed.GetValue(mta) == "sendmail" ? MtaPersonality.Sendmail : MtaPersonality.Postfix };
            string target = parsed.GetValue(endPoint)!;
            await (await MilterConnection.OpenAsync(target, options, cancellation)).QuitAsync(cancellation);
            var run = new LoadRun(target, options, new Workload(parsed.GetValue(workload)!, parsed.GetValue(size), given), parsed.GetValue(connections), parsed.GetValue(perSession));
            long most = parsed.GetValue(messages) ?? long.MaxValue;
            TimeSpan time = parsed.GetValue(duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : most < long.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromSeconds(10);
            await RunAsync(terminal, run, most, time, cancellation);
            if (parsed.GetValue(json))
            {
                terminal.Line(SendJson.Pretty(BenchReport.Json(run)));
            }
            else
            {
                BenchReport.Write(terminal, run);
            }

            if (page is not null)
            {
                OutputFile.Write("--html", page, BenchPage.Make(run, $"{target}: {Counted.Of(parsed.GetValue(connections), "connection")} at a time, {Counted.Of(parsed.GetValue(perSession), "message")} a session, {(given is null ? $"workload {parsed.GetValue(workload)}, bodies of {Counted.Of(parsed.GetValue(size), "byte")}" : parsed.GetValue(message))}, told as {parsed.GetValue(mta)} does."));
            }

            return cancellation.IsCancellationRequested ? ExitCode.Interrupted : run.Errors == 0 ? ExitCode.Passed : ExitCode.Refused;
        });
        return command;
    }

    /// <summary>Shows how it goes, where somebody looks.</summary>
    private static async Task RunAsync(Terminal terminal, LoadRun run, long most, TimeSpan time, CancellationToken cancellation)
    {
        if (terminal.Progress is not { } console)
        {
            await run.RunAsync(most, time, cancellation);
            return;
        }

        await console.Status().StartAsync("warming up", async status =>
        {
            Task load = run.RunAsync(most, time, cancellation);
            using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
            for (long before = 0; await Task.WhenAny(load, second.WaitForNextTickAsync(CancellationToken.None).AsTask()) != load;)
            {
                long done = run.Done;
                status.Status(Shown.Text(string.Create(CultureInfo.InvariantCulture, $"{done - before:#,0} messages a second, {done:#,0} in all{(run.Errors > 0 ? $", {Counted.Of(run.Errors, "error")}" : "")}")));
                before = done;
            }

            await load;
        });
    }
}
