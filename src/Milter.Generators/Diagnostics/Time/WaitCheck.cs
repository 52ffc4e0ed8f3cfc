using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports what blocks the thread on which the engine runs all sessions, in handlers and in what they call.</summary>
internal sealed class WaitCheck : FilterCheck
{
    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.BlockingWait);

    public override void Check(FilterReport report)
    {
        foreach (FilterBody body in report.Bodies.Where(body => body.Attached != Stages.None))
        {
            var finished = new Lazy<FinishedTasks>(() => new FinishedTasks(body));
            foreach (IOperation operation in body.Operations)
            {
                if (BlockingCall.InsteadOf(operation) is { } instead && !Work.IsDetached(operation) && !finished.Value.IsFinished(operation))
                {
                    report.Report(Descriptors.BlockingWait, operation.Syntax.GetLocation(), body.Method.Name, instead);
                }
            }
        }
    }
}
