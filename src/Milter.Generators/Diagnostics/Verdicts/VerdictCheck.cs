using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports verdicts that are not legal at their stage, or mean more there than they seem to, where a constant or a local shows them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class VerdictAnalyzer : HandlerBodyAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(Descriptors.IllegalVerdict, Descriptors.AcceptAtRcpt, Descriptors.DiscardAtRcpt);

    private protected override void Check(HandlerBody body)
    {
        if (!HandlerSymbols.ReturnsVerdict(body.Method))
        {
            return;
        }

        var values = new VerdictValues(body);
        foreach (IReturnOperation returned in body.Operations.OfType<IReturnOperation>().Where(returned => !HandlerBody.IsNested(returned)))
        {
            foreach ((string verdict, IOperation at) in values.Of(returned.ReturnedValue))
            {
                Check(body, verdict, at.Syntax.GetLocation());
            }
        }
    }

    private static void Check(HandlerBody body, string verdict, Location place)
    {
        foreach (StageInfo stage in StageInfo.All.Where(stage => (stage.Stage & body.Stages) != 0))
        {
            if (WhyIllegal(stage.Stage, verdict) is { } reason)
            {
                body.Report(Descriptors.IllegalVerdict, place, verdict, stage.Handler, reason);
            }
            else if (stage.Stage == Stages.Rcpt && verdict == "Accept")
            {
                body.Report(Descriptors.AcceptAtRcpt, place);
            }
            else if (stage.Stage == Stages.Rcpt && verdict == "Discard")
            {
                body.Report(Descriptors.DiscardAtRcpt, place);
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
