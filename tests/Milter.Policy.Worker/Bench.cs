using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Milter.Policy.Worker;

/// <summary>Figures: CPU time of this process, all its threads together.</summary>
internal static class Bench
{
    private static readonly SightingRule s_rule = new(TimeSpan.FromMinutes(10), TimeSpan.FromHours(4), TimeSpan.FromDays(36));

    /// <summary>Look-ups over so many triplets, in an order that is the same for whoever counts i * 7919 modulo them: with twice as many look-ups as triplets, half are new.</summary>
    public static async Task<int> SqliteAsync(string file, int count, int triplets)
    {
        // A process compiles its code once; what is measured is what it does from then on.
        await LookUpAsync(file + "-warm", count, triplets);
        long fresh = 0;
        TimeSpan cpu = await CpuAsync(async () => fresh = await LookUpAsync(file, count, triplets));
        Console.WriteLine($"sqlite: {count} look-ups over {triplets} triplets, {fresh} new: {cpu.TotalMicroseconds / count:0.0} µs CPU each");
        return 0;
    }

    private static async Task<long> LookUpAsync(string file, int count, int triplets)
    {
        await using var store = new SqlitePolicyStore(file);
        long fresh = 0;
        for (long i = 0; i < count; i++)
        {
            long n = i * 7919 % triplets;
            fresh += (await store.SeeAsync(Greylist.Triplets, $"192.0.{n & 255}.0/24 sender{n}@example.org ann@example.net", s_rule)).IsNew ? 1 : 0;
        }

        return fresh;
    }

    public static async Task<int> MemoryAsync()
    {
        using IHost host = WorkerHost.Make("memory");
        IPolicyStore store = host.Services.GetRequiredService<IPolicyStore>();
        const int rounds = 1_000_000;
        await store.SeeAsync("l", "192.0.2.0/24 joe@example.org ann@example.net", s_rule);
        long before = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan cpu = await CpuAsync(async () =>
        {
            for (int i = 0; i < rounds; i++)
            {
                await store.SeeAsync("l", "192.0.2.0/24 joe@example.org ann@example.net", s_rule);
            }
        });
        Console.WriteLine($"memory: {cpu.TotalNanoseconds / rounds:0} ns CPU and {(GC.GetAllocatedBytesForCurrentThread() - before) / rounds} bytes for a key that is known");
        return 0;
    }

    /// <summary>Addresses of which half are in a network, against ten networks and a hundred thousand.</summary>
    public static int Networks()
    {
        foreach ((string name, int length, bool isV6) in new[] { ("IPv4 /24", 24, false), ("IPv6 /48", 48, true) })
        {
            foreach (int count in (int[])[10, 1_000, 100_000])
            {
                var random = new Random(1);
                string[] networks = [.. Enumerable.Range(0, count).Select(_ => $"{Start(random, length, isV6)}/{length}")];
                IpNetworkSet set = IpNetworkSet.Parse(networks);
                IPAddress[] asked = [.. Enumerable.Range(0, 1_000).Select(i => i % 2 == 0 ? IPAddress.Parse(networks[random.Next(count)].Split('/')[0]) : Start(random, isV6 ? 128 : 32, isV6))];
                double least = double.MaxValue;
                for (int round = 0; round < 200; round++)
                {
                    long began = Stopwatch.GetTimestamp();
                    foreach (IPAddress address in asked)
                    {
                        set.Contains(address);
                    }

                    least = Math.Min(least, Stopwatch.GetElapsedTime(began).TotalNanoseconds / asked.Length);
                }

                Console.WriteLine($"{name}: {count} networks, {least:0.0} ns a look-up");
            }
        }

        return 0;
    }

    private static IPAddress Start(Random random, int length, bool isV6)
    {
        byte[] bytes = new byte[isV6 ? 16 : 4];
        random.NextBytes(bytes);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(length - (8 * i), 0, 8));
        }

        return new IPAddress(bytes);
    }

    private static async Task<TimeSpan> CpuAsync(Func<Task> work)
    {
        using var self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        await work();
        self.Refresh();
        return self.TotalProcessorTime - before;
    }
}
