namespace Milter.Client;

/// <summary>How long an MTA has patience. Whatever comes from the filter, a notice of progress included, starts the clock anew.</summary>
/// <param name="Connect">For the connection to be made.</param>
/// <param name="Command">For the negotiation and CONNECT to DATA, and for a write.</param>
/// <param name="Content">For HEADER to EOM.</param>
/// <param name="EndOfMessage">For the whole of EOM, progress or not; <see cref="Timeout.InfiniteTimeSpan"/> for no such limit.</param>
public sealed record MilterTimeouts(TimeSpan Connect, TimeSpan Command, TimeSpan Content, TimeSpan EndOfMessage)
{
    /// <summary>Gets Postfix's: 30 s, 30 s, 300 s (<c>milter_connect_timeout</c>, <c>milter_command_timeout</c>, <c>milter_content_timeout</c>).</summary>
    public static MilterTimeouts Postfix { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(300), Timeout.InfiniteTimeSpan);

    /// <summary>Gets Sendmail's: <c>T=C:5m;S:10s;R:10s;E:5m</c>.</summary>
    public static MilterTimeouts Sendmail { get; } = new(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
}
