using System.Globalization;
using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Takes the time that the message tells: with an address <c>await-MILLISECONDS-…</c> or <c>block-MILLISECONDS-…</c>, or a field <c>X-Slow</c> of that form for EOM.</summary>
[Milter]
public sealed partial class SlowFilter(Journal journal)
{
    /// <summary>A field that every message has which this filter saw to its end.</summary>
    public const string Mark = "X-Filtered: yes";

    [OnMail]
    private async Task<Verdict> MailAsync(EnvelopeAddress from)
    {
        string name = from.LocalPart;
        await TakeTimeAsync(name);
        journal.Add($"mail {name}");
        return Verdict.Continue;
    }

    [OnRcpt]
    private async Task<Verdict> RcptAsync(EnvelopeAddress to)
    {
        string name = to.LocalPart;
        await TakeTimeAsync(name);
        journal.Add($"rcpt {name}");
        return Verdict.Continue;
    }

    [OnEom]
    private async Task<Verdict> EndAsync([Header("X-Slow")] string? slow, HeaderEditor headers)
    {
        await TakeTimeAsync(slow ?? "");
        headers.Append("X-Filtered", "yes");
        return Verdict.Continue;
    }

    [OnMessageEnd]
    private void Ended(MessageOutcome outcome) => journal.Add($"{outcome}");

    private static async Task TakeTimeAsync(string how)
    {
        string[] parts = how.Split('-');
        if (parts.Length < 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds))
        {
            return;
        }

        if (parts[0] == "block")
        {
#pragma warning disable MILTER120 // A handler that blocks is what is tested.
            Thread.Sleep(milliseconds);
#pragma warning restore MILTER120
        }
        else
        {
            // The token is not looked at: this is a handler that knows nothing of time.
            await Task.Delay(milliseconds);
        }
    }
}
