using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Milter.Client;

namespace Milter.Tool;

/// <summary><c>milter health</c>: whether a filter answers, for probes.</summary>
internal static class HealthCommand
{
    // A probe that takes longer than its period is of no use.
    private const double DefaultPatience = 5, MostPatience = 3_600;

    public static Command Make(Terminal terminal)
    {
        Argument<string> endPoint = MailOptions.EndPoint();
        var timeout = new Option<double>("--timeout") { Description = "How long to wait, in seconds.", HelpName = "SECONDS", DefaultValueFactory = _ => DefaultPatience };
        timeout.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(double.TryParse(token.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= MostPatience))
            {
                result.AddError($"--timeout takes seconds above 0 and up to {MostPatience}, not \"{token.Value}\".");
            }
        });
        var command = new Command("health", "Asks a filter to negotiate, as an MTA does, and leaves. Exit code: 0 it answers, 69 nobody does, 76 it is silent or no filter.") { endPoint, timeout };
        HelpWithExamples.Add(
            "health",
            "milter health inet:9199@localhost",
            "milter health unix:/run/demo/demo.sock --timeout 2",
            "docker run --health-cmd 'milter health inet:9199@127.0.0.1' …");
        command.SetAction(async (parsed, cancellation) =>
        {
            TimeSpan patience = TimeSpan.FromSeconds(parsed.GetValue(timeout));
            string target = parsed.GetValue(endPoint)!;
            long start = Stopwatch.GetTimestamp();
            MilterAgreement agreement = await AskAsync(target, patience, cancellation);
            terminal.Line($"{target} answers: version {agreement.Version}, waits at {Shown.List(agreement.WaitedFor.Select(WireNames.Of))}, {Shown.Time(Stopwatch.GetElapsedTime(start))}");
            return ExitCode.Passed;
        });
        return command;
    }

    // A filter on AttrMilter counts neither connection nor bytes of who says nothing but this, and keeps what the last MTA has offered.
    private static async Task<MilterAgreement> AskAsync(string target, TimeSpan patience, CancellationToken cancellation)
    {
        var options = new MilterClientOptions { Timeouts = new MilterTimeouts(patience, patience, patience, patience) };
        await using MilterConnection connection = await MilterConnection.OpenAsync(target, options, cancellation);
        await connection.QuitAsync(cancellation);
        return connection.Agreement;
    }
}
