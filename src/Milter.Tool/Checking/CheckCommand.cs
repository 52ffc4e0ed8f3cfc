using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Milter.Client;

namespace Milter.Tool;

/// <summary><c>milter check</c>: does a filter, in whatever language, keep to the protocol?</summary>
internal static class CheckCommand
{
    public static Command Make(Terminal terminal)
    {
        Argument<string> endPoint = MailOptions.EndPoint();
        var only = new Option<string[]>("--only") { Description = "Only this case; several are several options, or stand behind the endpoint.", HelpName = "CASE" };
        only.AcceptOnlyFromAmong([.. All.Select(one => one.Id)]);
        var more = new Argument<string[]>("CASE") { Description = "Only these cases.", Arity = ArgumentArity.ZeroOrMore };
        more.AcceptOnlyFromAmong([.. All.Select(one => one.Id)]);
        var legal = new Option<bool>("--legal") { Description = "Only what MTAs do, nothing hostile." };
        var strict = new Option<bool>("--strict") { Description = "Warnings count as failures for the exit code." };
        Option<double> timeout = NumberOption.Seconds("--timeout", "After how many seconds a reply is missing.", 5);
        Option<bool> json = SendCommand.Json();
        var command = new Command("check", "Checks that a filter keeps to the protocol: what MTAs do, seldom things among it, and what strangers do. Exit code: 0 without a failure, 1 with one.") { endPoint, more, only, legal, strict, timeout, json };
        HelpWithExamples.Add(
            "check",
            "milter check inet:8891@localhost",
            "milter check unix:/run/opendkim/opendkim.sock --legal",
            "milter check inet:9199@localhost two-messages abort",
            "milter check inet:9199@localhost --json | jq '.cases[] | select(.outcome == \"failed\")'");
        command.SetAction(async (parsed, cancellation) =>
        {
            string[] chosen = [.. parsed.GetValue(only) ?? [], .. parsed.GetValue(more) ?? []];
            CheckCase[] cases = [.. All.Where(one => (chosen.Length == 0 || chosen.Contains(one.Id)) && !(parsed.GetValue(legal) && one.IsHostile))];
            return await RunAsync(terminal, parsed.GetValue(endPoint)!, cases, TimeSpan.FromSeconds(parsed.GetValue(timeout)), parsed.GetValue(json), parsed.GetValue(strict), cancellation);
        });
        return command;
    }

    private static IEnumerable<CheckCase> All => LegalCases.All.Concat(HostileCases.All);

    private static async Task<int> RunAsync(Terminal terminal, string endPoint, CheckCase[] cases, TimeSpan patience, bool json, bool strict, CancellationToken cancellation)
    {
        await (await Wire.OpenAsync(endPoint, patience, cancellation)).DisposeAsync();
        var results = new List<CheckResult>();
        bool? wasHostile = null;
        string? gone = null;
        foreach (CheckCase one in cases)
        {
            if (!json && wasHostile != one.IsHostile)
            {
                terminal.Marked(Shown.Title(one.IsHostile ? "What strangers do" : "What MTAs do"));
                wasHostile = one.IsHostile;
            }

            CheckResult result = gone is not null
                ? new CheckResult(one, CheckOutcome.NotApplicable, $"not run: it is gone since {gone}", TimeSpan.Zero)
                : await RunAsync(one, endPoint, patience, cancellation);
            gone ??= result.IsGone ? one.Id : null;
            results.Add(result);
            if (!json)
            {
                Write(terminal, result);
            }
        }

        int failed = results.Count(result => result.Outcome == CheckOutcome.Failed);
        string summary = string.Join(", ", Enum.GetValues<CheckOutcome>().Select(outcome => $"{results.Count(result => result.Outcome == outcome)} {Word(outcome)}"));
        if (json)
        {
            terminal.Line(SendJson.Pretty(new JsonObject { ["endpoint"] = endPoint, ["failed"] = failed, ["cases"] = new JsonArray([.. results.Select(Json)]) }));
        }
        else
        {
            terminal.Line();
            terminal.Marked(failed == 0 ? Shown.Good(summary) : Shown.Bad(summary));
        }

        bool isFine = failed == 0 && !(strict && results.Any(result => result.Outcome == CheckOutcome.Warned));
        return isFine ? ExitCode.Passed : ExitCode.Refused;
    }

    /// <summary>Runs a case, and looks whether the filter still serves others.</summary>
    private static async Task<CheckResult> RunAsync(CheckCase one, string endPoint, TimeSpan patience, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        CheckOutcome outcome = CheckOutcome.Passed;
        string? found = null;
        try
        {
            await using (var talk = new CheckTalk(endPoint, patience, cancellation))
            {
                await one.Run(talk);
            }
        }
        catch (CheckException exception)
        {
            (outcome, found) = (exception.Outcome, exception.Message);
        }
        catch (MilterClientException exception)
        {
            (outcome, found) = (CheckOutcome.Failed, exception.Message);
        }

        TimeSpan time = Stopwatch.GetElapsedTime(start);
        bool isGone = false;
        try
        {
            await using var after = new CheckTalk(endPoint, patience, cancellation);
            await after.NegotiateAsync();
        }
        catch (Exception exception) when (exception is CheckException or MilterClientException)
        {
            isGone = exception is MilterClientException { Error: MilterClientError.Refused };
            (outcome, found) = (CheckOutcome.Failed, $"{(isGone ? "is gone" : "does not serve others")} afterwards: {exception.Message}");
        }

        return new CheckResult(one, outcome, string.IsNullOrEmpty(found) ? null : found, time, isGone);
    }

    private static void Write(Terminal terminal, CheckResult result)
    {
        string word = Word(result.Outcome).PadRight(7);
        string coloured = result.Outcome switch
        {
            CheckOutcome.Passed => Shown.Good(word),
            CheckOutcome.Failed => Shown.Bad(word),
            CheckOutcome.Warned => Shown.Warn(word),
            _ => Shown.Quiet(word),
        };
        terminal.Marked($"  {coloured} {Shown.Name(result.Case.Id.PadRight(20))} {Shown.Text(result.Case.Title)}");
        if (result.Found is { } found)
        {
            terminal.Marked($"          {Shown.Text($"the filter: {found}")}");
        }

        if (result.Outcome is CheckOutcome.Failed or CheckOutcome.Warned)
        {
            terminal.Marked($"          {Shown.Quiet($"a correct one: {result.Case.Correct}")}");
        }

        terminal.Output.Flush();
    }

    private static string Word(CheckOutcome outcome) => outcome switch { CheckOutcome.NotApplicable => "n/a", CheckOutcome.Warned => "warned", CheckOutcome.Failed => "FAILED", _ => "passed" };

    private static JsonNode Json(CheckResult result) => new JsonObject
    {
        ["case"] = result.Case.Id,
        ["hostile"] = result.Case.IsHostile,
        ["title"] = result.Case.Title,
        ["outcome"] = Word(result.Outcome).ToLowerInvariant(),
        ["found"] = result.Found,
        ["correct"] = result.Case.Correct,
        ["milliseconds"] = SendJson.Milliseconds(result.Time),
    };
}
