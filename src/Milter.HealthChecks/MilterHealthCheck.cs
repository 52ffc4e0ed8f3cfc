using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Milter;

/// <summary>Says how a host's milters are doing.</summary>
internal sealed class MilterHealthCheck(IEnumerable<MilterHealth> milters) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        MilterHealth[] all = [.. milters];
        HealthStatus status = all.Length == 0 || all.Any(static milter => !milter.IsHealthy) ? context.Registration.FailureStatus
            : all.Any(static milter => milter.LateHandlers > 0) ? HealthStatus.Degraded
            : HealthStatus.Healthy;
        string description = all.Length == 0 ? "The host has no milter: services.AddMilter<T>() adds one." : string.Join("; ", all.Select(Describe));
        return Task.FromResult(new HealthCheckResult(status, description, exception: null, Data(all)));
    }

    private static string Describe(MilterHealth milter) => milter.IsOverwhelmed ? $"{milter}, and the filter is not asked (MaxLateHandlers)" : milter.ToString();

    private static Dictionary<string, object> Data(MilterHealth[] milters)
    {
        var data = new Dictionary<string, object>();
        foreach (MilterHealth milter in milters)
        {
            data[$"{milter.Name}.State"] = milter.State.ToString();
            data[$"{milter.Name}.EndPoint"] = milter.EndPoint?.ToString() ?? "";
            data[$"{milter.Name}.Connections"] = milter.Connections;
            data[$"{milter.Name}.Messages"] = milter.Messages;
            data[$"{milter.Name}.MessagesRefused"] = milter.MessagesRefused;
            data[$"{milter.Name}.LateHandlers"] = milter.LateHandlers;
            data[$"{milter.Name}.MissingActions"] = milter.MissingActions.ToString();
        }

        return data;
    }
}
