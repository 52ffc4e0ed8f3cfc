using Milter.Protocol;

namespace Milter.Conformance.Tests.Wire;

/// <summary>One packet from a filter, its payload one character a byte.</summary>
internal readonly record struct Packet(char Code, string Payload)
{
    /// <summary>Whether it ends the answer to a command.</summary>
    public bool IsVerdict => Code is 'c' or 'a' or 'r' or 'd' or 't' or 's' or 'y';

    /// <summary>Whether it may come before the verdict at the end of a message.</summary>
    public bool IsModification => "+2-beihmqp".Contains(Code, StringComparison.Ordinal);

    public override string ToString() =>
        $"{Code}{(Payload.Length == 0 ? "" : " " + Bytes.Shown(Payload))}{(Enum.IsDefined((MilterReply)Code) ? "" : " (no reply that exists)")}";
}
