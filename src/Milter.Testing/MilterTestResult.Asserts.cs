using Microsoft.Extensions.Logging;
using Milter.Client;

namespace Milter.Testing;

/// <content>Expectations. Each throws <see cref="MilterAssertionException"/> with the whole story when it does not hold, and gives the result back.</content>
public sealed partial class MilterTestResult
{
    /// <summary>Expects that the message passes, by Continue or Accept.</summary>
    /// <returns>This result.</returns>
    public MilterTestResult AssertPassed() => Expect(Outcome.IsDelivered, "The message should pass.");

    /// <summary>Expects this verdict.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <returns>This result.</returns>
    public MilterTestResult AssertVerdict(MilterVerdict verdict) => Expect(Verdict == verdict, $"The verdict should be {verdict} and is {Verdict}.");

    /// <summary>Expects that the message is refused for good.</summary>
    /// <param name="code">The reply code; <see langword="null"/> for any, or none.</param>
    /// <param name="enhancedCode">The enhanced status code; <see langword="null"/> for any, or none.</param>
    /// <param name="text">A part of the text; <see langword="null"/> for any.</param>
    /// <returns>This result.</returns>
    public MilterTestResult AssertRejected(int? code = null, string? enhancedCode = null, string? text = null) =>
        AssertVerdict(MilterVerdict.Reject).AssertReply(code, enhancedCode, text);

    /// <summary>Expects that the message is refused for now.</summary>
    /// <inheritdoc cref="AssertRejected" path="/param"/>
    /// <returns>This result.</returns>
    public MilterTestResult AssertTempFailed(int? code = null, string? enhancedCode = null, string? text = null) =>
        AssertVerdict(MilterVerdict.TempFail).AssertReply(code, enhancedCode, text);

    /// <summary>Expects the filter's own words.</summary>
    /// <inheritdoc cref="AssertRejected" path="/param"/>
    /// <returns>This result.</returns>
    public MilterTestResult AssertReply(int? code = null, string? enhancedCode = null, string? text = null)
    {
        string said = Reply?.ToString() ?? "nothing of its own";
        Expect(code is null || Reply?.Code == code, $"The reply code should be {code}; the filter said {said}.");
        Expect(enhancedCode is null || Reply?.EnhancedCode == enhancedCode, $"The enhanced code should be {enhancedCode}; the filter said {said}.");
        return Expect(text is null || Reply is { } reply && reply.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)), $"The reply should contain \"{text}\"; the filter said {said}.");
    }

    /// <summary>Expects a header field, once, with this value, in the message as delivered.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This result.</returns>
    public MilterTestResult AssertHeader(string name, string value)
    {
        IReadOnlyList<string> values = Headers(name);
        return Expect(values.Count == 1 && values[0] == value, $"There should be one {name}: {value}; there {(values.Count == 0 ? "is none" : $"is {string.Join(" and ", values.Select(one => $"\"{one}\""))}")}.");
    }

    /// <summary>Expects that the message as delivered has no such header field.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>This result.</returns>
    public MilterTestResult AssertNoHeader(string name) 
    {
        IReadOnlyList<string> values = Headers(name);
        return Expect(values.Count == 0, $"There should be no {name}; there is {string.Join(" and ", values.Select(one => $"\"{one}\""))}.");
    }

    /// <summary>Expects exactly these recipients, in any order.</summary>
    /// <param name="addresses">Their addresses, without brackets.</param>
    /// <returns>This result.</returns>
    public MilterTestResult AssertRecipients(params string[] addresses)
    {
        string[] are = [.. Message.Recipients.Select(path => path.Address).Order(StringComparer.Ordinal)];
        return Expect(are.SequenceEqual(addresses.Order(StringComparer.Ordinal)), $"The recipients should be {string.Join(", ", addresses)} and are {string.Join(", ", are)}.");
    }

    /// <summary>Expects this body, as delivered; lines may end with LF.</summary>
    /// <param name="text">The body.</param>
    /// <returns>This result.</returns>
    public MilterTestResult AssertBody(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        IReadOnlyList<string> difference = UnifiedDiff.Make(text.Replace("\r\n", "\n", StringComparison.Ordinal), Body);
        return Expect(difference.Count == 0, $"The body should be another one.\n--- expected\n+++ delivered\n{string.Join('\n', difference)}");
    }

    /// <summary>Expects that the filter asks for no changes, and lets the message pass.</summary>
    /// <returns>This result.</returns>
    public MilterTestResult AssertUnchanged() => AssertPassed().Expect(Modifications.Count == 0, "The message should pass as it came.");

    /// <summary>Expects that the message is held.</summary>
    /// <param name="reason">The reason; <see langword="null"/> for any.</param>
    /// <returns>This result.</returns>
    public MilterTestResult AssertQuarantined(string? reason = null) => Expect(
        Outcome.QuarantineReason is { } is_ && (reason is null || is_ == reason), $"The message should be held{(reason is null ? "" : $" for \"{reason}\"")}; {(Outcome.QuarantineReason is { } other ? $"the reason is \"{other}\"" : "it is not")}.");

    /// <summary>Expects that the MTA waits this often.</summary>
    /// <param name="count">How often, from CONNECT to EOM.</param>
    /// <returns>This result.</returns>
    public MilterTestResult AssertWaits(int count) => Expect(
        Waits == count, $"The MTA should wait {Counted.Times(count)} and waits {Counted.Times(Waits)}, at {string.Join(", ", Outcome.Steps.Where(step => step.Treatment == StepTreatment.Replied).Select(step => StepTable.NameOf(step.Step)))}.");

    /// <summary>Expects that nothing as grave as this was logged, in the way of any MTA.</summary>
    /// <param name="level">The level.</param>
    /// <returns>This result.</returns>
    public MilterTestResult AssertNothingLogged(LogLevel level = LogLevel.Warning)
    {
        TestLogEntry? entry = Runs.SelectMany(run => run.Log).FirstOrDefault(entry => entry.Level >= level);
        return Expect(entry is null, $"Nothing should be logged at {level} or above; there is \"{entry}\".");
    }

    /// <summary>Expects anything else of each run.</summary>
    /// <param name="holds">Says whether it holds.</param>
    /// <param name="expectation">What should be, for the failure's text.</param>
    /// <returns>This result.</returns>
    public MilterTestResult Assert(Func<MilterTestRun, bool> holds, string expectation)
    {
        ArgumentNullException.ThrowIfNull(holds);
        return Expect(Runs.All(holds), expectation);
    }

    private MilterTestResult Expect(bool holds, string expectation) => holds ? this : throw Fail(expectation);
}
