using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Milter.Policy.Testing;

namespace Milter.Policy.Worker;

/// <summary>The contract of stores, run by whatever this program was compiled to.</summary>
internal static class Contract
{
    public static async Task<int> RunAsync(string[] settings)
    {
        foreach (string setting in settings)
        {
            foreach (PolicyStoreRule rule in PolicyStoreContract.Rules)
            {
                await PolicyStoreContract.RunAsync(rule.Name, time => Open(setting, time));
            }

            using IHost host = WorkerHost.Make(setting);
            Greylist greylist = host.Services.GetRequiredService<Greylist>();
            GreylistResult result = await greylist.CheckAsync(new GreylistAttempt(System.Net.IPAddress.Loopback, $"{Guid.NewGuid():N}@example.org", "ann@example.net"));
            Console.WriteLine($"{setting.Split(':')[0]}: {PolicyStoreContract.Rules.Count} rules kept, a new triplet is {result.Reason}");
        }

        return 0;
    }

    private static IPolicyStore Open(string setting, TimeProvider time)
    {
        string[] parts = setting.Split(':', 2);
        return parts[0] switch
        {
            "memory" => new MemoryPolicyStore(time),
            "sqlite" => new SqlitePolicyStore(parts[1], time),
            "postgresql" => new PostgreSqlPolicyStore(parts[1], time, PolicyClock.Caller),
            _ => new RedisPolicyStore(parts[1], time, PolicyClock.Caller),
        };
    }
}
