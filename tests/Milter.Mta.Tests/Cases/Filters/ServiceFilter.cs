using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>A service that tells when it is made and disposed of.</summary>
public sealed class Unit(Journal journal) : IAsyncDisposable
{
    private static int s_count;

    /// <summary>Which one this is.</summary>
    public int Number { get; } = Interlocked.Increment(ref s_count);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        journal.Add($"disposed {Number}");
        return default;
    }
}

/// <summary>Takes a scoped service with its constructor, and in its handlers.</summary>
[Milter]
public sealed partial class ServiceFilter(Unit session, Journal journal)
{
    [OnConnect]
    private void Connect([FromServices] Unit unit) => journal.Add($"connect {session.Number} {unit.Number}");

    [OnMail]
    private void Mail([FromServices] Unit unit) => journal.Add($"mail {session.Number} {unit.Number}");

    [OnEom]
    private void End([FromServices] Unit unit) => journal.Add($"eom {session.Number} {unit.Number}");

    [OnMessageEnd]
    private void Ended([FromServices] Unit unit) => journal.Add($"end {session.Number} {unit.Number}");
}
