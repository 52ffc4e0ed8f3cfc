using System.Text;
using Milter.Conformance.Tests.Plans;
using Milter.Conformance.Tests.Wire;

namespace Milter.Conformance.Tests.Mta;

/// <summary>One command and what came for it.</summary>
/// <param name="Index">The place of the move in the plan that led to it.</param>
/// <param name="Move">What was sent, macros first.</param>
internal sealed record Exchange(int Index, Move Move)
{
    /// <summary>Whether it was sent: it is not where that was negotiated.</summary>
    public bool IsSent { get; init; } = true;

    /// <summary>Whether a reply was waited for.</summary>
    public bool Waits { get; init; }

    public List<Packet> Replies { get; } = [];

    /// <summary>What an MTA makes of it: where no reply is waited for, it goes on.</summary>
    public IReadOnlyList<Packet> Effect => Waits ? Replies : [new Packet('c', "")];

    public void WriteTo(StringBuilder text)
    {
        text.Append(IsSent ? "  > " : "  - not sent: ").Append(Move).AppendLine();
        foreach (Packet reply in Replies)
        {
            text.Append("      < ").Append(reply).AppendLine();
        }
    }
}
