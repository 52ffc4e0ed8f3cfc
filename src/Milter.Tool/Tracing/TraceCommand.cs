using System.CommandLine;
using System.Net.Sockets;
using Milter.Client;
using Milter.Hosting;
using Milter.Testing;

namespace Milter.Tool;

/// <summary><c>milter trace</c>: a proxy between an MTA and its filter that shows what they say.</summary>
internal static class TraceCommand
{
    public static Command Make(Terminal terminal)
    {
        var listen = new Argument<string>("LISTEN") { Description = "Where to listen for the MTA: inet:port@host, inet:host:port, unix:/path." };
        listen.Validators.Add(MailOptions.Checked(text => MilterEndPoint.Parse(text).ToListenAddress()));
        Argument<string> upstream = MailOptions.EndPoint("UPSTREAM");
        var save = new Option<string?>("--save", "-s") { Description = "Records the conversation in a file for `milter replay` and AttrMilter.Testing; later ones in FILE-2 and so on.", HelpName = "FILE" };
        Option<string?> html = OutputFile.Html("Writes the conversations into a page as well: each side's packets, waits, and what the filter changes of a message.");
        var redact = new Option<bool>("--redact") { Description = "Shows and keeps nothing of the mail but its shape: letters as x, digits as 0, bodies as a number of bytes." };
        Option<long?> sessions = NumberOption.Limit("--sessions", "Ends after so many conversations; otherwise Ctrl+C does.");
        var mode = new Option<string?>("--mode") { Description = "The rights of a unix socket, in octal, from its first moment and whatever the umask; 660 where nothing is said.", HelpName = "MODE" };
        mode.Validators.Add(MailOptions.Checked(Mode));
        var command = new Command("trace", "Stands between an MTA and its filter and shows the conversation: packets in words, times, replies that are owed or that nobody has asked for.") { listen, upstream, mode, save, html, redact, sessions };
        HelpWithExamples.Add(
            "trace",
            "milter trace inet:9198@localhost inet:8891@localhost        # then, in main.cf: smtpd_milters = inet:localhost:9198",
            "milter trace unix:/run/trace/milter.sock unix:/run/opendkim/opendkim.sock --mode 666 --redact --save session.milter",
            "milter trace inet:9198@localhost inet:8891@localhost --sessions 1 --html trace.html");
        command.SetAction(async (parsed, cancellation) =>
        {
            RecordingParts keep = parsed.GetValue(redact) ? RecordingParts.None : RecordingParts.All;
            string? file = parsed.GetValue(save) is { } path ? OutputFile.Check("--save", path) : null;
            TracePage? page = parsed.GetValue(html) is { } shown ? new TracePage(OutputFile.Check("--html", shown), $"From {parsed.GetValue(listen)} to {parsed.GetValue(upstream)}{(keep == RecordingParts.None ? "; letters are shown as x, digits as 0" : "")}. Changes are shown as Postfix makes them.") : null;
            page?.Begin();
            var proxy = new TraceProxy(MilterEndPoint.Parse(parsed.GetValue(upstream)!).ToConnectAddress(), terminal, keep, file, page);
            await using TraceListener listener = TraceListener.Open(parsed.GetValue(listen)!, parsed.GetValue(mode) is { } rights ? Mode(rights) : null);
            await terminal.Error.WriteLineAsync($"Listening on {parsed.GetValue(listen)}, passing on to {parsed.GetValue(upstream)}. Ctrl+C ends it.");
            await ServeAsync(listener.Socket, proxy, parsed.GetValue(sessions) ?? long.MaxValue, cancellation);
            return proxy.HasLost ? ExitCode.CantCreate : ExitCode.Passed;
        });
        return command;
    }

    private static UnixFileMode Mode(string text) => ValidateMilterOptions.TryReadMode(text, out UnixFileMode mode)
        ? mode
        : throw new FormatException($"\"{text}\" is no mode. Write it in octal: 660, 0666.");

    private static async Task ServeAsync(Socket listener, TraceProxy proxy, long count, CancellationToken cancellation)
    {
        var open = new List<Task>();
        try
        {
            for (int number = 1; number <= count; number++)
            {
                Socket mta = await listener.AcceptAsync(cancellation);
                open.RemoveAll(task => task.IsCompletedSuccessfully);
                open.Add(proxy.PassAsync(mta, number, cancellation));
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C is how it ends.
        }

        await Task.WhenAll(open);
    }
}
