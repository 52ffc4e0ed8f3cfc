using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports what blocks the thread on which the engine runs all sessions, in handlers and in what they call.</summary>
internal sealed class WaitCheck : FilterCheck
{
    private const int MaxDepth = 4;

    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.BlockingWait);

    public override void Check(FilterReport report)
    {
        Dictionary<FilterBody, string?> others = [];
        foreach (FilterBody body in report.Bodies.Where(body => body.Attached != Stages.None))
        {
            foreach ((IOperation at, string instead) in WaitsIn(body))
            {
                report.Report(Descriptors.BlockingWait, at.Syntax.GetLocation(), body.Method.Name, instead);
            }

            // A helper of another class may be right for who else calls it.
            foreach (IInvocationOperation call in body.Operations.OfType<IInvocationOperation>())
            {
                if (report.Filter.OtherBodyOf(call.TargetMethod) is { } other && WaitOf(other, report.Filter, others, 0) is { } instead && !Work.IsDetached(call))
                {
                    report.Report(Descriptors.BlockingWait, call.Syntax.GetLocation(), body.Method.Name, $"{instead} in '{other.Method.Name}'");
                }
            }
        }
    }

    private static IEnumerable<(IOperation At, string Instead)> WaitsIn(FilterBody body)
    {
        var finished = new Lazy<FinishedTasks>(() => new FinishedTasks(body));
        foreach (IOperation operation in body.Operations)
        {
            if (BlockingCall.InsteadOf(operation) is { } instead && !Work.IsDetached(operation) && !finished.Value.IsFinished(operation))
            {
                yield return (operation, instead);
            }
        }
    }

    /// <summary>What to write instead of the first wait in another class's method, or in what that calls.</summary>
    private static string? WaitOf(FilterBody other, FilterClass filter, Dictionary<FilterBody, string?> known, int depth)
    {
        if (!known.TryGetValue(other, out string? instead))
        {
            // Those that call each other are looked at once.
            known[other] = null;
            known[other] = instead = WaitsIn(other).Select(found => found.Instead).FirstOrDefault()
                ?? (depth >= MaxDepth ? null : other.Operations.OfType<IInvocationOperation>()
                    .Where(call => !Work.IsDetached(call))
                    .Select(call => filter.OtherBodyOf(call.TargetMethod))
                    .OfType<FilterBody>()
                    .Select(inner => WaitOf(inner, filter, known, depth + 1))
                    .FirstOrDefault(found => found is not null));
        }

        return instead;
    }
}
