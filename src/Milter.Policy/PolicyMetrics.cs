using System.Diagnostics.Metrics;

namespace Milter.Policy;

/// <summary>What is counted, in the meter <c>AttrMilter.Policy</c>.</summary>
internal static class PolicyMetrics
{
    private static readonly Meter s_meter = new("AttrMilter.Policy", typeof(PolicyMetrics).Assembly.GetName().Version?.ToString(3));

    private static readonly Counter<long> s_failures = s_meter.CreateCounter<long>(
        "attrmilter.policy.store.failures", "{failure}", "Times that a policy could not ask its store (tag policy).");

    private static readonly Counter<long> s_decisions = s_meter.CreateCounter<long>(
        "attrmilter.policy.decisions", "{decision}", "What policies decided (tags policy, decision).");

    public static void StoreFailed(string policy) => s_failures.Add(1, new KeyValuePair<string, object?>("policy", policy));

    public static void Decided(string policy, string decision)
    {
        if (s_decisions.Enabled)
        {
            s_decisions.Add(1, new KeyValuePair<string, object?>("policy", policy), new KeyValuePair<string, object?>("decision", decision));
        }
    }
}
