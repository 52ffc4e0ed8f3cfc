using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports verdicts of calls that a local is given and that nothing ever reads, because it is given another one on every way.</summary>
internal sealed class OverwrittenCheck : FilterCheck
{
    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.DroppedVerdict);

    public override void Check(FilterReport report)
    {
        foreach (FilterBody body in report.Bodies.Where(body => body.Graph is not null))
        {
            foreach ((ILocalSymbol local, IOperation value) in body.Operations.SelectMany(Given))
            {
                // What an exception leaves in it, nobody follows here. One that is never read at all is reported everywhere.
                if (Made(value) is { } call && !value.IsIn<ITryOperation>() && value.Enclosing() is null && Work.IsUsed(local, value) && !body.Locals.IsRead(local, value))
                {
                    report.Report(Descriptors.DroppedVerdict, value.Syntax.GetLocation(), call.TargetMethod.Name);
                }
            }
        }
    }

    private static IEnumerable<(ILocalSymbol Local, IOperation Value)> Given(IOperation operation) => operation switch
    {
        IVariableDeclaratorOperation { Symbol: var local, Initializer.Value: { } value } when local.Type.Is(RuntimeNames.Verdict) => [(local, value)],
        ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local }, Value: var value } when local.Type.Is(RuntimeNames.Verdict) => [(local, value)],
        _ => [],
    };

    /// <summary>The call that decides; not one of the library that only makes a verdict.</summary>
    private static IInvocationOperation? Made(IOperation value) => (value.Bare() is IAwaitOperation awaited ? awaited.Operation.Bare() : value.Bare()) is IInvocationOperation call && VerdictMembers.KindOf(call) is null ? call : null;
}
