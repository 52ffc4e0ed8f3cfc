using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports verdicts that are not legal at their stage, or mean more there than they seem to, where a constant, a local or a helper of the filter shows them.</summary>
internal sealed class VerdictCheck : FilterCheck
{
    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.IllegalVerdict, Descriptors.AcceptAtRcpt, Descriptors.DiscardAtRcpt);

    public override void Check(FilterReport report)
    {
        var values = new VerdictValues(report.Filter);
        foreach (FilterBody body in report.Bodies.Where(body => body.Handles != Stages.None && HandlerSymbols.ReturnsVerdict(body.Method)))
        {
            foreach ((string verdict, IOperation at) in values.ReturnedBy(body))
            {
                Check(report, body.Handles, verdict, at.Syntax.GetLocation());
            }
        }
    }

    private static void Check(FilterReport report, Stages stages, string verdict, Location place)
    {
        foreach (StageInfo stage in StageInfo.All.Where(stage => (stage.Stage & stages) != 0))
        {
            if (WhyIllegal(stage.Stage, verdict) is { } reason)
            {
                report.Report(Descriptors.IllegalVerdict, place, verdict, stage.Handler, reason);
            }
            else if (stage.Stage == Stages.Rcpt && verdict == "Accept")
            {
                report.Report(Descriptors.AcceptAtRcpt, place);
            }
            else if (stage.Stage == Stages.Rcpt && verdict == "Discard")
            {
                report.Report(Descriptors.DiscardAtRcpt, place);
            }
        }
    }

    /// <summary>The engine's gate, in words.</summary>
    private static string? WhyIllegal(Stages stage, string verdict) => (stage, verdict) switch
    {
        (not Stages.Body, "Skip") => "there is no body to skip, and Sendmail would switch the filter off; Continue is sent instead",
        (Stages.Connect or Stages.Helo, "Discard") => "there is no message to drop yet; TempFail is sent instead",
        (Stages.Unknown, "Accept" or "Discard") => "it would bring Postfix's smtpd down; Continue is sent instead",
        _ => null,
    };
}
