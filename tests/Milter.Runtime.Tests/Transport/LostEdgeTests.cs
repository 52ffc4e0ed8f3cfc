using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using Milter.Tests;
using Xunit.Abstractions;

namespace Milter.Runtime.Tests.Transport;

/// <summary>
/// Protects the MTA from waiting in vain: under the real clock, with handlers that block or suspend at random, every message on many connections is answered once, in its
/// order and with its own answer, however its bytes come.
/// </summary>
/// <remarks>
/// An event of the kernel that nobody handles is a connection that hangs, and shows only under chance. So the number of messages can be set: <c>ATTRMILTER_MESSAGES=1000000</c>.
/// <c>ATTRMILTER_SEED</c> plays the same bytes and the same stalls again; how the threads meet is the machine's.
/// </remarks>
public abstract class LostEdgeTests(MilterTransport transport, ITestOutputHelper output)
{
    private const int Mtas = 24;

    private static readonly int s_messages = Variable("ATTRMILTER_MESSAGES", 100_000);
    private static readonly int s_seed = Variable("ATTRMILTER_SEED", Environment.TickCount & 0xFFFF);

    [Fact]
    public async Task Every_message_is_answered_once_and_in_order()
    {
        using var folder = new TemporaryFolder();
        using var services = new TestServices();
        var stalls = new Stalls();
        await using MilterServer server = await MilterServer.StartAsync(
            $"unix:{folder.Path}/s",
            () => new StallingFilter(s_seed, stalls),
            options =>
            {
                options.Transport = transport;
                options.CommandBudget = options.EndOfMessageBudget = TimeSpan.FromSeconds(240);
            },
            services);
        var endPoint = new UnixDomainSocketEndPoint(server.EndPoint.Path!);
        StressMta[] mtas = [.. Enumerable.Range(0, Mtas).Select(i => new StressMta(endPoint, s_seed, i, (s_messages + Mtas - 1) / Mtas))];
        try
        {
            await Task.WhenAll(mtas.Select(static mta => Task.Factory.StartNew(mta.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{transport}: {e.Message} Play it again with ATTRMILTER_SEED={s_seed} ATTRMILTER_MESSAGES={s_messages}.", e);
        }

        await server.StopAsync();
        output.WriteLine(
            $"{transport}, seed {s_seed}: {mtas.Sum(static mta => mta.Answered)} messages answered on {mtas.Sum(static mta => mta.Connections)} connections "
            + $"({mtas.Sum(static mta => mta.HalfCloses)} half-closed, {mtas.Sum(static mta => mta.Resets)} reset); handlers blocked {stalls.Blocked} times and suspended {stalls.Suspended} times");
        Assert.Equal(0, stalls.Overlaps);
        Assert.Equal(0, server.Health.Connections);
        Assert.DoesNotContain(services.Log, static line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    private static int Variable(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}

/// <summary>What the handlers have done.</summary>
internal sealed class Stalls
{
    public int Blocked;
    public int Suspended;
    public int Overlaps;
}

/// <summary>Tells each message by its sender's address; stalls by dice that the address throws.</summary>
[Milter]
[SuppressMessage("Security", "CA5394", Justification = "Repeatable on purpose.")]
internal sealed partial class StallingFilter(int seed, Stalls stalls)
{
    private static readonly byte[] s_large = new byte[300_000];

    [PerMessage]
    private string? _id;

    [PerMessage]
    private int _step;

    private int _running;

    [OnMail]
    private Verdict From(string sender)
    {
        _id = sender;
        return Verdict.Continue;
    }

    [OnRcpt]
    private ValueTask<Verdict> To(string recipient) => StallAsync(default);

    [OnHeader]
    private void Header(HeaderField field) => _step++;

    [OnBody]
    private Verdict Body(ReadOnlySpan<byte> chunk)
    {
        _step++;
        return Verdict.Continue;
    }

    [OnEom]
    private ValueTask<Verdict> End([Needs(Protocol.MilterActions.AddHeaders | Protocol.MilterActions.ChangeBody)] MessageActions actions)
    {
        actions.AddHeader("X-Id", _id!);
        if (_id!.Contains("large", StringComparison.Ordinal))
        {
            actions.ReplaceBody(s_large);
        }

        return StallAsync(default);
    }

    private async ValueTask<Verdict> StallAsync(Verdict verdict)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1)
        {
            Interlocked.Increment(ref stalls.Overlaps);
        }

        var dice = new Random(HashOf(_id!, seed + _step++));
        switch (dice.Next(400))
        {
            case 0:
                Interlocked.Increment(ref stalls.Blocked);
                Thread.Sleep(dice.Next(1, 8));
                break;
            case 1 or 2:
                Interlocked.Increment(ref stalls.Suspended);
                await Task.Delay(dice.Next(1, 4));
                break;
            case 3:
                Interlocked.Increment(ref stalls.Suspended);
                await Task.Yield();
                Thread.Sleep(dice.Next(3));
                break;
            case 4 or 5:
                Interlocked.Increment(ref stalls.Suspended);
                await Task.Yield();
                break;
        }

        Volatile.Write(ref _running, 0);
        return verdict;
    }

    private static int HashOf(string text, int hash)
    {
        foreach (char c in text)
        {
            hash = (hash * 31) + c;
        }

        return hash;
    }
}

/// <summary>Protects the loops of our own, whose events are told once.</summary>
public sealed class LostEdgeTestsOnLoops(ITestOutputHelper output) : LostEdgeTests(MilterTransport.Automatic, output);

/// <summary>Protects the transport over the platform's sockets.</summary>
public sealed class LostEdgeTestsOnSockets(ITestOutputHelper output) : LostEdgeTests(MilterTransport.Sockets, output);
