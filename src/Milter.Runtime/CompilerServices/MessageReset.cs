using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Milter.CompilerServices;

/// <summary>Collects what throws while <see cref="PerMessageAttribute"/> members are reset, so that each is reset whatever the others do. Not for use by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MessageReset
{
    /// <summary>Notes that a member could not be reset.</summary>
    /// <param name="failures">What has failed so far.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="failure">What was thrown.</param>
    public static void Failed(ref List<Exception>? failures, string member, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        (failures ??= []).Add(new InvalidOperationException($"The [PerMessage] member '{member}' could not be reset: {failure.Message}", failure));
    }

    /// <summary>Throws what has failed.</summary>
    /// <param name="failures">What has failed, or <see langword="null"/>.</param>
    /// <exception cref="InvalidOperationException">One member could not be reset.</exception>
    /// <exception cref="AggregateException">Several members could not be reset.</exception>
    public static void End(List<Exception>? failures)
    {
        if (failures is not null)
        {
            throw failures.Count == 1 ? failures[0] : new AggregateException($"{failures.Count} [PerMessage] members could not be reset.", failures);
        }
    }

    /// <summary>Refuses a reset that is not awaited: a member has to be disposed of asynchronously.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    [DoesNotReturn]
    public static void MustBeAwaited() => throw new NotSupportedException("A [PerMessage] member has to be disposed of asynchronously: ResetMessageAsync() resets this filter.");
}
