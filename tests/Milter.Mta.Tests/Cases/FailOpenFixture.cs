namespace Milter.Mta.Tests;

/// <summary>Servers that let mail pass when their milter is away, too slow or breaks the protocol: where every mistake of the engine is a bypass.</summary>
public class FailOpenFixture : CaseFixture
{
    /// <inheritdoc/>
    protected override MtaOptions Configure(MtaKind kind, MtaOptions options) => options with { OnMilterFailure = MilterFailure.Accept };
}

/// <summary>Fail-open servers that wait six seconds for a reply: longer than a busy machine keeps a filter from giving it, and no longer than a test can wait.</summary>
/// <remarks>The milters are on TCP. Sendmail's last time is for all of EOM; Postfix's is for each reply in it.</remarks>
public sealed class HurriedFixture : FailOpenFixture
{
    /// <summary>How long the servers wait for a reply.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(6);

    /// <inheritdoc/>
    protected override MilterEndpoint Place(MtaKind kind) => MilterEndpoint.Tcp(LoopbackPort.Take());

    /// <inheritdoc/>
    protected override MtaOptions Configure(MtaKind kind, MtaOptions options) => base.Configure(kind, options) with
    {
        Timeouts = new(Patience, Patience, kind == MtaKind.Sendmail ? TimeSpan.FromMinutes(1) : Patience),
    };
}

/// <summary>Fail-open servers with the waiting times that they have by themselves: Sendmail 10 s a reply, also at EOM.</summary>
public sealed class StockFixture : FailOpenFixture
{
    /// <inheritdoc/>
    protected override MilterEndpoint Place(MtaKind kind) => MilterEndpoint.Tcp(LoopbackPort.Take());

    /// <inheritdoc/>
    protected override MtaOptions Configure(MtaKind kind, MtaOptions options) => base.Configure(kind, options) with { Timeouts = null };
}
