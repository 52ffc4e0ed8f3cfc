using Microsoft.Extensions.Diagnostics.HealthChecks;
using Milter;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a check of a host's milters to its health checks.</summary>
public static class MilterHealthChecksBuilderExtensions
{
    /// <summary>Adds a check of all milters that were added by <c>AddMilter</c>: healthy while each listens, has been offered by the MTA what it requires, and is asked.</summary>
    /// <remarks>
    /// <para>Degraded while handlers have not returned although their time is up (<see cref="MilterHealth.LateHandlers"/>) and the filter is still asked.</para>
    /// <para>It is for readiness. A liveness check should not have it: a missing action is the MTA's configuration, and no restart mends it. Nothing is sent over the network: <c>milter health</c> asks the endpoint itself.</para>
    /// </remarks>
    /// <param name="builder">The host's health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What it reports of a milter that is not well; <see cref="HealthStatus.Unhealthy"/> by default.</param>
    /// <param name="tags">Tags to choose checks by, such as <c>ready</c>.</param>
    /// <returns>The same health checks.</returns>
    public static IHealthChecksBuilder AddMilter(this IHealthChecksBuilder builder, string name = "milter", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return builder.Add(new HealthCheckRegistration(name, static services => new MilterHealthCheck(services.GetServices<MilterHealth>()), failureStatus, tags));
    }
}
