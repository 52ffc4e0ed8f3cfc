using System.Collections.Immutable;
using Milter.Protocol;

namespace Milter.Conformance.Tests.Plans;

/// <summary>The habits that an MTA has beyond the protocol (Postfix: ABORT after every message; Sendmail: only where one is left open).</summary>
internal enum Habits
{
    Postfix,
    Sendmail,
}

/// <summary>How the bytes are spread over writes.</summary>
internal enum Writing
{
    Whole,
    InPieces,
    ByteByByte,
}

/// <summary>How the connection ends.</summary>
internal enum Ending
{
    Quit,
    EndOfStream,
    InsidePacket,
}

/// <summary>What an MTA offers.</summary>
internal sealed record Offer(uint Version, MilterActions Actions, ProtocolSteps Steps)
{
    public static Offer Everything { get; } = new(6, MilterActions.All, (ProtocolSteps)0x1FFFFF);

    public override string ToString() => $"version {Version}, actions 0x{(uint)Actions:x}, steps 0x{(uint)Steps:x}";
}

/// <summary>One connection as an MTA would lead it, apart from what depends on the filter's answers.</summary>
internal sealed record SessionPlan
{
    public required int Seed { get; init; }

    public Offer Offer { get; init; } = Offer.Everything;

    /// <summary>Whether it is for the filter that keeps the leading space of headers.</summary>
    public bool LeadingSpace { get; init; }

    public Habits Habits { get; init; }

    public Writing Writing { get; init; }

    public Ending Ending { get; init; }

    public ImmutableArray<Move> Moves { get; init; } = [];

    public override string ToString() =>
        $"seed {Seed}, as {Habits}, {Offer}, written {Writing}, ended by {Ending}{(LeadingSpace ? ", with --leading-space" : "")}";
}
