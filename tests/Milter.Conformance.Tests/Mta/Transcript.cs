using System.Text;
using Milter.Conformance.Tests.Plans;
using Milter.Conformance.Tests.Wire;

namespace Milter.Conformance.Tests.Mta;

/// <summary>What went over one connection.</summary>
internal sealed class Transcript
{
    /// <summary>The answer to the offer; null where none came.</summary>
    public Packet? Answer { get; set; }

    public List<Exchange> Exchanges { get; } = [];

    /// <summary>What the filter did that no MTA can live with; null when all went well.</summary>
    public string? Failure { get; set; }

    /// <summary>What came at the end that nobody had waited for.</summary>
    public string Rest { get; set; } = "";

    public string Show(SessionPlan plan)
    {
        var text = new StringBuilder();
        text.Append("  > O ").Append(plan.Offer).AppendLine();
        text.Append("      < ").Append(Answer?.ToString() ?? "(nothing)").AppendLine();
        foreach (Exchange exchange in Exchanges)
        {
            exchange.WriteTo(text);
        }

        if (Failure is not null)
        {
            text.Append("      ! ").AppendLine(Failure);
        }

        if (Rest.Length > 0)
        {
            text.Append("      ! extra bytes at the end: ").AppendLine(Bytes.Shown(Rest));
        }

        return text.ToString();
    }
}
