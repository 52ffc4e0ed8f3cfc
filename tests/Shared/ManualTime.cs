using Microsoft.Extensions.Time.Testing;

namespace Milter.Tests;

/// <summary>A clock that goes on when a test says so, and fires timers then; it begins with 2026.</summary>
internal sealed class ManualTime() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    /// <summary>Gets or sets by how much somebody has set the calendar, which no clock and no timer has to do with. (<see cref="FakeTimeProvider.AdjustTime"/> sets the timestamps as well.)</summary>
    public TimeSpan Calendar { get; set; }

    /// <summary>Gets how long it has gone on.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(GetTimestamp() - Start.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Calendar;
}
