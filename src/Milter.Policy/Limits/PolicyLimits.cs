using System.Net;
using Microsoft.Extensions.Options;

namespace Milter.Policy;

/// <summary>Limits by login, client and network, of messages, recipients and bytes, for all hosts of the store together.</summary>
/// <remarks>What is over a limit is put off with a 4xx and counted nowhere: where several limits hold and one of them refuses, the others get back what they had counted. In the list <c>limits</c> of the store.</remarks>
public sealed class PolicyLimits
{
    /// <summary>The list.</summary>
    public const string List = "limits";

    private const string Policy = "limits";

    private readonly PolicyStoreAccess _access;
    private readonly PolicyLimitsOptions _options;

    /// <summary>Makes one; <c>AddPolicyLimits</c> does.</summary>
    /// <param name="access">The store.</param>
    /// <param name="options">The options, which are read once.</param>
    public PolicyLimits(PolicyStoreAccess access, IOptions<PolicyLimitsOptions> options)
    {
        ArgumentNullException.ThrowIfNull(access);
        ArgumentNullException.ThrowIfNull(options);
        _access = access;
        _options = options.Value;
    }

    /// <summary>Counts, unless a limit would be passed.</summary>
    /// <param name="of">What.</param>
    /// <param name="permits">How many, or how many bytes; 0 or less counts nothing and is always acquired.</param>
    /// <param name="client">The client.</param>
    /// <param name="login">Who has logged in.</param>
    /// <param name="cancellationToken">The handler's.</param>
    /// <returns>Whether it was counted.</returns>
    public ValueTask<PolicyLimitLease> AcquireAsync(PolicyLimitOf of, long permits, ConnectInfo? client, Authentication? login, CancellationToken cancellationToken = default) =>
        AcquireAsync(of, permits, client?.Address, login?.Identity, cancellationToken);

    /// <inheritdoc cref="AcquireAsync(PolicyLimitOf, long, ConnectInfo?, Authentication?, CancellationToken)"/>
    public async ValueTask<PolicyLimitLease> AcquireAsync(PolicyLimitOf of, long permits, IPAddress? client, string? login, CancellationToken cancellationToken = default)
    {
        if (permits <= 0 || _options.ExemptClients.Contains(client))
        {
            return PolicyLimitLease.Acquired;
        }

        var counted = new List<(string Key, CounterRule Rule)>();
        foreach (PolicyLimit limit in _options.Rules)
        {
            if (limit.Of != of || KeyOf(limit, client, login) is not { } key)
            {
                continue;
            }

            var rule = new CounterRule(limit.PermitLimit, limit.Window);
            (bool isAnswered, CounterLease lease) = await CountAsync(key, permits, rule, cancellationToken).ConfigureAwait(false);
            if (isAnswered && lease.IsAcquired)
            {
                counted.Add((key, rule));
                continue;
            }

            foreach ((string taken, CounterRule takenRule) in counted)
            {
                await CountAsync(taken, -permits, takenRule, cancellationToken).ConfigureAwait(false);
            }

            return Refused(isAnswered ? limit : null, lease.RetryAfter);
        }

        PolicyMetrics.Decided(Policy, "acquired");
        return PolicyLimitLease.Acquired;
    }

    private ValueTask<(bool IsAnswered, CounterLease Answer)> CountAsync(string key, long permits, CounterRule rule, CancellationToken cancellationToken) => _access.TryAsync(
        Policy, (key, permits, rule), static (store, ask, token) => store.CountAsync(List, ask.key, ask.permits, ask.rule, token), cancellationToken);

    /// <summary>The counter of a limit: who, what and in which window; another window counts anew.</summary>
    private static string? KeyOf(PolicyLimit limit, IPAddress? client, string? login) => limit.Per switch
    {
        PolicyLimitPer.Login => string.IsNullOrEmpty(login) ? null : $"login {login} {limit.Of} {limit.Window}",
        PolicyLimitPer.Client => $"client {ClientKeys.NetworkOf(client, 32, 128)} {limit.Of} {limit.Window}",
        _ => $"network {ClientKeys.NetworkOf(client, 24, 64)} {limit.Of} {limit.Window}",
    };

    private PolicyLimitLease Refused(PolicyLimit? limit, TimeSpan retryAfter)
    {
        if (limit is null && _options.OnStoreFailure == StoreFailure.Pass)
        {
            PolicyMetrics.Decided(Policy, "store_away");
            return PolicyLimitLease.Acquired;
        }

        PolicyMetrics.Decided(Policy, limit is null ? "store_away" : "refused");
        return new PolicyLimitLease(false, limit, limit is null ? TimeSpan.Zero : retryAfter);
    }
}
