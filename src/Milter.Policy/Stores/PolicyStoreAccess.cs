using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Milter.Policy;

/// <summary>How policies ask their store: within a time-out, at once where it is known to be away, and never with an exception.</summary>
/// <remarks>
/// After a failure the store is taken for away for <see cref="PolicyOptions.RetryInterval"/>; then one caller tries for all. Failures are counted
/// (<c>attrmilter.policy.store.failures</c>) and logged once a minute, and so is that it is back.
/// </remarks>
public sealed partial class PolicyStoreAccess
{
    private static readonly TimeSpan s_logInterval = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _retryInterval;

    // Time stamps of the clock; 0 for none.
    private long _awayUntil;
    private long _nextLog;
    private long _unlogged;

    /// <summary>Makes one; <c>AddPolicyStore</c> does.</summary>
    /// <param name="store">The store.</param>
    /// <param name="options">Time-out and retry interval.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="time">The clock of time-outs; the system's where <see langword="null"/>.</param>
    public PolicyStoreAccess(IPolicyStore store, IOptions<PolicyOptions> options, ILogger<PolicyStoreAccess> logger, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        Store = store;
        _logger = logger;
        _time = time ?? TimeProvider.System;
        _timeout = options.Value.Timeout;
        _retryInterval = options.Value.RetryInterval;
    }

    /// <summary>Gets the store itself, whose members throw when it is away.</summary>
    public IPolicyStore Store { get; }

    /// <summary>Gets a value indicating whether the store answered when it was last asked.</summary>
    public bool IsAvailable => Volatile.Read(ref _awayUntil) == 0;

    /// <summary>Asks the store.</summary>
    /// <typeparam name="TState">What the operation needs.</typeparam>
    /// <typeparam name="TResult">What the store answers.</typeparam>
    /// <param name="policy">Who asks, for the count of failures.</param>
    /// <param name="state">What the operation needs.</param>
    /// <param name="ask">The operation.</param>
    /// <param name="cancellationToken">The handler's.</param>
    /// <returns>Whether the store answered, and its answer.</returns>
    /// <exception cref="OperationCanceledException">The token has fired.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever the store throws means that it can't be asked; the policy decides what becomes of the message.")]
    public async ValueTask<(bool IsAnswered, TResult? Answer)> TryAsync<TState, TResult>(
        string policy, TState state, Func<IPolicyStore, TState, CancellationToken, ValueTask<TResult>> ask, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ask);
        cancellationToken.ThrowIfCancellationRequested();
        if (!MayAsk())
        {
            Failed(policy, null);
            return default;
        }

        try
        {
            ValueTask<TResult> asked = ask(Store, state, cancellationToken);
            TResult answer = asked.IsCompletedSuccessfully ? asked.Result : await asked.AsTask().WaitAsync(_timeout, _time, cancellationToken).ConfigureAwait(false);
            Answered();
            return (true, answer);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // One that times out is not ended by this: its store has a time-out of its own.
            Volatile.Write(ref _awayUntil, After(_retryInterval));
            Failed(policy, e);
            return default;
        }
    }

    /// <summary>While the store is away, one caller after each interval may ask, and takes the next interval for itself.</summary>
    private bool MayAsk()
    {
        long until = Volatile.Read(ref _awayUntil);
        return until == 0 || (_time.GetTimestamp() >= until && Interlocked.CompareExchange(ref _awayUntil, After(_retryInterval + _timeout), until) == until);
    }

    private void Answered()
    {
        if (Volatile.Read(ref _awayUntil) != 0 && Interlocked.Exchange(ref _awayUntil, 0) != 0)
        {
            Volatile.Write(ref _nextLog, 0);
            LogBack(_logger, Store.ToString());
        }
    }

    private void Failed(string policy, Exception? exception)
    {
        PolicyMetrics.StoreFailed(policy);
        Interlocked.Increment(ref _unlogged);
        long next = Volatile.Read(ref _nextLog);
        if (exception is not null && (next == 0 || _time.GetTimestamp() >= next) && Interlocked.CompareExchange(ref _nextLog, After(s_logInterval), next) == next)
        {
            string reason = exception is TimeoutException ? $"no answer within {_timeout}" : exception.Message;
            LogAway(_logger, Store.ToString(), Interlocked.Exchange(ref _unlogged, 0), reason);
        }
    }

    /// <summary>A time stamp, never 0.</summary>
    private long After(TimeSpan time) => _time.GetTimestamp() + Math.Max(1, (long)(time.TotalSeconds * _time.TimestampFrequency));

    [LoggerMessage(400, LogLevel.Error, "{Store} can't be asked ({Reason}): {Count} times since this was last said. Policies do what OnStoreFailure says")]
    private static partial void LogAway(ILogger logger, string? store, long count, string reason);

    [LoggerMessage(401, LogLevel.Information, "{Store} answers again")]
    private static partial void LogBack(ILogger logger, string? store);
}
