using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Is told of every step and waits for none of them.</summary>
[Milter]
public sealed partial class StepFilter(Journal journal)
{
    [OnConnect]
    private void Connect(ConnectInfo client) => journal.Add($"connect {client.Address}");

    [OnHelo]
    private void Helo(string name) => journal.Add($"helo {name}");

    [OnMail]
    private void Mail(EnvelopeAddress from) => journal.Add($"mail {from.Address}");

    [OnRcpt]
    private Task RcptAsync(EnvelopeAddress to)
    {
        // A pending task holds back what comes next.
        string address = to.LocalPart;
        return Task.Delay(20).ContinueWith(_ => journal.Add($"rcpt {address}"), TaskScheduler.Default);
    }

    [OnData]
    private void Data() => journal.Add("data");

    [OnHeader("X-A", "X-B")]
    private async ValueTask HeaderAsync(string name, string value)
    {
        await Task.Yield();
        journal.Add($"header {name}={value}");
    }

    [OnEoh]
    private void EndOfHeaders() => journal.Add("eoh");

    [OnBody]
    private void Body(ReadOnlySpan<byte> chunk) => journal.Add($"body {chunk.Length}");

    [OnEom]
    private void End() => journal.Add("eom");
}
