using Milter.Tests;
using Xunit.Abstractions;

namespace Milter.Runtime.Tests.Allocations;

/// <summary>
/// Protects the promise that a message costs no garbage, through real sockets and counted for a whole process: the benchmark's own filters, session, transport and
/// watchdog, under the real clock. The MTA is in another process.
/// </summary>
/// <remarks>
/// Counted is a window of messages after a warm-up, without tiered compilation. What comes by chance (a handler that the machine itself has stalled is handed over
/// to a new thread; the platform's pool adds one) can only add to a window. So one window at the figure proves that its messages cost no more, while a cost that comes
/// with messages is in every window. None may be below the figure either: it is exact.
/// </remarks>
public abstract class SocketAllocationTests(MilterTransport transport, int mostOfConnection, ITestOutputHelper output)
{
    private const int Connections = 4, WarmUp = 250, Rounds = 250, Windows = 40, Dialogs = 100;

    [ReleaseFact]
    public void Noop_costs_nothing_a_message() => Costs("noop", 0);

    [ReleaseFact]
    public void Inspect_costs_nothing_a_message() => Costs("inspect", 0);

    [ReleaseFact]
    public void Inspect_without_replies_costs_nothing_a_message() => Costs("inspect-nr", 0);

    [ReleaseFact]
    public void Rewrite_costs_nothing_a_message() => Costs("rewrite", 0);

    [ReleaseFact]
    public void Typical_costs_nothing_a_message() => Costs("typical", 0);

    [ReleaseFact]
    public void Handlers_that_take_strings_cost_the_strings_and_nothing_more() =>
        Costs("text", SizeOf(BareMta.Sender) + BareMta.Recipients.Sum(SizeOf) + BareMta.Fields.Sum(static field => SizeOf(field.Name) + SizeOf(field.Value)));

    [ReleaseFact]
    public void A_new_connection_with_one_message_costs_no_more_than_design_says()
    {
        using var filter = new CountedFilter("inspect", transport);
        long least = Measure(filter, "connection with one message", mostOfConnection * (long)Dialogs, Dialogs, () =>
        {
            for (int i = 0; i < Dialogs; i++)
            {
                using var mta = new BareMta(filter.EndPoint);
                mta.Play();
                mta.Quit();
            }
        });
        Assert.InRange(least / Dialogs, 1, mostOfConnection);
    }

    private void Costs(string workload, int bytes)
    {
        using var filter = new CountedFilter(workload, transport);
        BareMta[] mtas = [.. Enumerable.Range(0, Connections).Select(_ => new BareMta(filter.EndPoint))];
        Play(mtas, WarmUp);
        long enough = bytes * (long)Connections * Rounds;
        Assert.Equal(enough, Measure(filter, $"message, {workload}", enough, Connections * Rounds, () => Play(mtas, Rounds)));
        Array.ForEach(mtas, static mta => mta.Dispose());
    }

    /// <summary>Measures windows until one has no more than what is enough.</summary>
    private long Measure(CountedFilter filter, string what, long enough, int count, Action play)
    {
        long least = long.MaxValue;
        for (int window = 0; window < Windows && least > enough; window++)
        {
            long before = filter.Allocated();
            play();
            least = Math.Min(least, filter.Allocated() - before);
        }

        output.WriteLine($"{transport}: {least / (double)count} bytes a {what}");
        return least;
    }

    // A turn on all connections at a time.
    private static void Play(BareMta[] mtas, int rounds)
    {
        for (int i = 0; i < rounds * mtas[0].Turns; i++)
        {
            int turn = i % mtas[0].Turns;
            Array.ForEach(mtas, mta => mta.Send(turn));
            Array.ForEach(mtas, mta => mta.Receive(turn));
        }
    }

    // 16 bytes of every object, 4 of the length, the characters and a zero of 2 bytes each, rounded up to 8.
    private static int SizeOf(string text) => (22 + (2 * text.Length) + 7) / 8 * 8;
}

/// <summary>Protects the promise where connections are carried by the loops of our own.</summary>
public sealed class SocketAllocationTestsOnLoops(ITestOutputHelper output) : SocketAllocationTests(MilterTransport.Automatic, MostOfConnection, output)
{
    /// <summary>Most bytes for a connection that brings one message; docs/design.md quotes it.</summary>
    private const int MostOfConnection = 3_300;
}

/// <summary>Protects the promise where connections are carried by the platform's sockets.</summary>
public sealed class SocketAllocationTestsOnSockets(ITestOutputHelper output) : SocketAllocationTests(MilterTransport.Sockets, MostOfConnection, output)
{
    /// <summary>Most bytes for a connection that brings one message; docs/design.md quotes it.</summary>
    private const int MostOfConnection = 5_000;
}
