namespace Milter.Client;

/// <summary>How long an MTA has patience. Whatever comes from the filter, a notice of progress included, starts the clock anew.</summary>
/// <param name="Connect">For the connection to be made.</param>
/// <param name="Command">For the negotiation and CONNECT to DATA, and for a write.</param>
/// <param name="Content">For HEADER to EOM.</param>
/// <param name="EndOfMessage">For the whole of EOM, progress or not; <see cref="Timeout.InfiniteTimeSpan"/> for no such limit.</param>
/// <exception cref="ArgumentOutOfRangeException">A time is 0 or less, or more than 24 days, and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
public sealed record MilterTimeouts(TimeSpan Connect, TimeSpan Command, TimeSpan Content, TimeSpan EndOfMessage)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    /// <summary>Gets the time for the connection to be made.</summary>
    public TimeSpan Connect { get; init => field = Checked(value, nameof(Connect)); } = Checked(Connect, nameof(Connect));

    /// <summary>Gets the time for the negotiation and CONNECT to DATA, and for a write.</summary>
    public TimeSpan Command { get; init => field = Checked(value, nameof(Command)); } = Checked(Command, nameof(Command));

    /// <summary>Gets the time for HEADER to EOM.</summary>
    public TimeSpan Content { get; init => field = Checked(value, nameof(Content)); } = Checked(Content, nameof(Content));

    /// <summary>Gets the time for the whole of EOM.</summary>
    public TimeSpan EndOfMessage { get; init => field = Checked(value, nameof(EndOfMessage)); } = Checked(EndOfMessage, nameof(EndOfMessage));

    /// <summary>Gets Postfix's: 30 s, 30 s, 300 s (<c>milter_connect_timeout</c>, <c>milter_command_timeout</c>, <c>milter_content_timeout</c>).</summary>
    public static MilterTimeouts Postfix { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(300), Timeout.InfiniteTimeSpan);

    /// <summary>Gets Sendmail's: <c>T=C:5m;S:10s;R:10s;E:5m</c>.</summary>
    public static MilterTimeouts Sendmail { get; } = new(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));

    private static TimeSpan Checked(TimeSpan time, string name) => time == Timeout.InfiniteTimeSpan || (time > TimeSpan.Zero && time <= s_longest)
        ? time
        : throw new ArgumentOutOfRangeException(name, time, "A time above 0 and up to 24 days is taken, or Timeout.InfiniteTimeSpan for no limit.");
}
