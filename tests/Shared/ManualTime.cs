using Microsoft.Extensions.Time.Testing;

namespace Milter.Tests;

/// <summary>A clock that goes on when a test says so, and fires timers then; it begins with 2026.</summary>
internal sealed class ManualTime() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    /// <summary>Gets how long it has gone on.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(GetTimestamp() - Start.Ticks);
}
