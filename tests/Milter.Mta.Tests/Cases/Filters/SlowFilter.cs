using System.Globalization;
using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Takes the time that the message tells: with an address <c>await-MILLISECONDS-…</c> or <c>block-MILLISECONDS-…</c>, or a field <c>X-Slow</c> of that form for EOM. With <c>release</c> in place of a number it stays until it is released.</summary>
/// <param name="journal">What it writes into.</param>
/// <param name="release">What it stays for.</param>
[Milter]
public sealed partial class SlowFilter(Journal journal, Task? release = null)
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

    private async Task TakeTimeAsync(string how)
    {
        string[] parts = how.Split('-');
        if (parts.Length < 2 || parts[0] is not ("await" or "block"))
        {
            return;
        }

        // The token is not looked at: this is a handler that knows nothing of time.
        Task time = parts[1] == "release" ? release! : Task.Delay(int.Parse(parts[1], CultureInfo.InvariantCulture));
        if (parts[0] == "block")
        {
#pragma warning disable MILTER120 // A handler that blocks is what is tested.
            time.Wait();
#pragma warning restore MILTER120
        }
        else
        {
            await time;
        }
    }
}
