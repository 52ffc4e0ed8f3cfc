using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Session;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects the line that a log has for each message.</summary>
public sealed class ReceiptTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_message_gets_its_receipt_where_that_is_asked_for()
    {
        var descriptor = SessionDriver.Everything();
        var mta = new SessionDriver(descriptor, (at, step) =>
        {
            if (at != MilterStages.Eom)
            {
                return default;
            }

            step.MessageActions.AddHeader("A", "1");
            return new(Verdict.Reject(550, "5.7.1", "no"));
        }, settings => settings.With(o => o.LogMessages = true) with { Time = _time }).Started();
        mta.Macros(MilterCommand.Mail, ("i", "4ABC"));
        mta.Message();
        mta.Mail();
        mta.Abort();
        const string Client = "client client.example.test [192.0.2.7], from <a@example.test>";
        Assert.Contains($"Information 210: c1 4ABC: Refused, Reject 550 5.7.1 no at Eom; edits: 1 (1 packets), waits: 7, 0 ms; {Client}, to <b@example.test>, message-id -, subject -", mta.Log.Lines);
        Assert.Contains($"Information 210: c1 -: Aborted; edits: 0, waits: 1, 0 ms; {Client}, to -, message-id -, subject -", mta.Log.Lines);
    }

    [Fact]
    public void A_receipt_says_what_each_editor_did_and_nothing_that_a_sender_writes_makes_a_second_line()
    {
        var mta = new SessionDriver(SessionDriver.Need(MilterStages.Eom, collects: CollectedData.Headers | CollectedData.Recipients), (_, step) =>
        {
            step.HeaderEditor.Set("Subject", "new");
            step.HeaderEditor.Append("X-A", "1");
            step.HeaderEditor.RemoveAll("X-Old");
            step.BodyEditor.Replace("four");
            step.EnvelopeEditor.AddRecipient("c@example.test");
            step.EnvelopeEditor.RemoveRecipient("b0@example.test");
            step.EnvelopeEditor.ChangeSender("d@example.test");
            step.Quarantine.Hold("odd");
            return default;
        }, settings => settings.With(o => o.LogMessages = true) with { Time = _time }).Started();
        mta.Mail();
        for (int i = 0; i < 5; i++)
        {
            mta.Rcpt($"<b{i}@example.test>");
        }

        mta.Header();
        mta.Header("X-Old", "1");
        mta.Header("message-id", "<1@example.test>\n Error 204: forged\u001b[2J");
        mta.Eom();
        Assert.EndsWith(
            "edits: 8 (-X-Old, ~Subject, +X-A, body of 4 bytes, to -<b0@example.test>, to +<c@example.test>, from <d@example.test>, held: odd), waits: 10, 0 ms; client client.example.test [192.0.2.7], "
            + "from <a@example.test>, to <b0@example.test> <b1@example.test> <b2@example.test> and 2 more, message-id <1@example.test>  Error 204: forged [2J, subject -",
            Assert.Single(mta.Log.Lines, static line => line.StartsWith("Information 210", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_key_addresses_and_subjects_are_told_apart_and_not_told()
    {
        var mta = new SessionDriver(SessionDriver.Need(MilterStages.Eom), (_, step) =>
        {
            step.EnvelopeEditor.AddRecipient("A@example.test");
            return default;
        }, settings => settings.With(o => (o.LogMessages, o.LogKey) = (true, "a key that is long enough")) with { Time = _time }).Started();
        mta.Mail();
        mta.Rcpt();
        mta.Header("Subject", "Rechnung");
        mta.Eom();
        string line = Assert.Single(mta.Log.Lines, static line => line.StartsWith("Information 210", StringComparison.Ordinal));
        Assert.DoesNotContain("example.test>", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Rechnung", line, StringComparison.Ordinal);
        System.Text.RegularExpressions.Match found = System.Text.RegularExpressions.Regex.Match(line, "edits: 1 \\(to \\+(#[0-9a-f]{16})\\), .* from (#[0-9a-f]{16}), to (#[0-9a-f]{16}), message-id -, subject (#[0-9a-f]{16})$");
        Assert.True(found.Success, line);

        // The one that was added is the sender, in other letters.
        Assert.Equal(found.Groups[2].Value, found.Groups[1].Value);
        Assert.Equal(3, found.Groups.Values.Skip(1).Select(static group => group.Value).Distinct().Count());
    }
}
