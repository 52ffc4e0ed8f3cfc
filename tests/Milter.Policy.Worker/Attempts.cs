using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Milter.Policy.Worker;

/// <summary>What a filter asks when mail comes in, from a process of its own. Answers stand on the standard output, a line each.</summary>
internal static class Attempts
{
    // Where each answer counts: on a busy machine the other process may be kept from its processor in the middle of a batch.
    private const string Patient = "--Policy:Timeout=00:01:00";

    private static readonly SightingRule s_rule = new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(4), TimeSpan.FromDays(36));

    /// <summary>Waits for a line, so that several processes begin together; then all keys at once, each of which tells whether it was new.</summary>
    public static async Task<int> FirstAsync(string setting, string list, int count)
    {
        using IHost host = WorkerHost.Make(setting, Patient);
        IPolicyStore store = host.Services.GetRequiredService<IPolicyStore>();
        _ = await store.FindAsync(list, "warm-up");
        Console.WriteLine("ready");
        Console.ReadLine();
        Sighting[] seen = await Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(async () => await store.SeeAsync(list, $"192.0.2.0/24 sender{i}@example.org ann@example.net", s_rule))));
        for (int i = 0; i < count; i++)
        {
            Console.WriteLine($"{i} {(seen[i].IsNew ? "new" : "known")} {seen[i].Times}");
        }

        return 0;
    }

    /// <summary>Sees key after key, in turn with a counter, and tells each that the store has confirmed; until it is ended.</summary>
    public static async Task<int> ConfirmAsync(string setting, string list)
    {
        using IHost host = WorkerHost.Make(setting, Patient);
        IPolicyStore store = host.Services.GetRequiredService<IPolicyStore>();
        var rule = new CounterRule(int.MaxValue, TimeSpan.FromDays(1));
        for (int i = 1; i < 1_000_000; i++)
        {
            await store.SeeAsync(list, $"key {i / 2}", s_rule);
            await store.CountAsync(list, "all", 1, rule);
            Console.WriteLine(i);
        }

        return 0;
    }

    /// <summary>Attempts of so many triplets, several at a time, each tried again until the store has answered; tells when a quarter is done, and, after the line that says that the store is killed, when it is first missed.</summary>
    public static async Task<int> LoadAsync(string setting, string sender, int count)
    {
        // What a busy machine answers late has been written and is told to nobody, as at the kill: it is to be the kill alone.
        using IHost host = WorkerHost.Make(setting, "--Policy:Timeout=00:00:03");
        _ = await host.Services.GetRequiredService<IPolicyStore>().FindAsync("warm-up", "warm-up");
        Greylist greylist = host.Services.GetRequiredService<Greylist>();
        int done = 0, isKilled = 0, isMissed = 0, fresh = 0, early = 0, away = 0, wrong = 0;
        long slowest = 0;

        // A line says that the store is killed now: what is missed before is a slow machine.
        _ = Task.Run(() =>
        {
            Console.ReadLine();
            Volatile.Write(ref isKilled, 1);
        });
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellation) =>
        {
            // The senders come back, as senders do; so often is far longer than the store is away.
            for (int attempt = 0; attempt < 10_000; attempt++)
            {
                long began = Stopwatch.GetTimestamp();
                GreylistResult result = await greylist.CheckAsync(new GreylistAttempt(IPAddress.Parse($"10.{i >> 8}.{i & 255}.1"), sender, "ann@example.net"), cancellation);
                long took = (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                for (long known = Volatile.Read(ref slowest); took > known && Interlocked.CompareExchange(ref slowest, took, known) != known; known = Volatile.Read(ref slowest))
                {
                }

                // The option is PutOff: what is not answered may not pass.
                _ = result switch
                {
                    { IsPassed: true } => Interlocked.Increment(ref wrong),
                    { Reason: GreylistReason.New } => Interlocked.Increment(ref fresh),
                    { Reason: GreylistReason.Early } => Interlocked.Increment(ref early),
                    _ => Interlocked.Increment(ref away),
                };
                if (result.Reason != GreylistReason.StoreAway)
                {
                    // The second half keeps the load up until the store is missed, so that it is killed in the middle on any machine.
                    if (i < count / 2 || Volatile.Read(ref isMissed) != 0)
                    {
                        break;
                    }

                    await Task.Delay(10, cancellation);
                    continue;
                }

                if (Volatile.Read(ref isKilled) != 0 && Interlocked.Exchange(ref isMissed, 1) == 0)
                {
                    Console.WriteLine("missed");
                }

                await Task.Delay(50, cancellation);
            }

            int now = Interlocked.Increment(ref done);
            if (now == count / 4)
            {
                Console.WriteLine("quarter");
            }
        });
        Console.WriteLine($"done={done} new={fresh} early={early} away={away} passed={wrong} slowest={slowest}");
        return 0;
    }
}
