using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports verdicts that a local is given and that nothing ever reads: it is given another one on every way, or is not what is returned.</summary>
internal sealed class OverwrittenCheck : FilterCheck
{
    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.DroppedVerdict);

    public override void Check(FilterReport report)
    {
        foreach (FilterBody body in report.Bodies.Where(body => body.Graph is not null))
        {
            foreach ((ILocalSymbol local, IOperation value, bool isFirst) in body.Operations.SelectMany(Given))
            {
                // What an exception leaves in it, nobody follows here. A first one that is never read at all is reported everywhere.
                if (!value.IsIn<ITryOperation>() && value.Enclosing() is null && (!isFirst || Work.IsUsed(local, value)) && Made(value, isFirst) is { } what && !body.Locals.IsRead(local, value))
                {
                    report.Report(Descriptors.DroppedVerdict, value.Syntax.GetLocation(), what);
                }
            }
        }
    }

    private static IEnumerable<(ILocalSymbol Local, IOperation Value, bool IsFirst)> Given(IOperation operation) => operation switch
    {
        IVariableDeclaratorOperation { Symbol: var local, Initializer.Value: { } value } when local.Type.Is(RuntimeNames.Verdict) => [(local, value, true)],
        ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local }, Value: var value } when local.Type.Is(RuntimeNames.Verdict) => [(local, value, false)],
        _ => [],
    };

    /// <summary>What decides: a call, or a refusal of the library's that a local is given later; what it begins with may be meant to be overwritten.</summary>
    private static string? Made(IOperation value, bool isFirst)
    {
        IOperation made = value.Bare() is IAwaitOperation awaited ? awaited.Operation.Bare() : value.Bare();
        return VerdictMembers.KindOf(made) is { } kind
            ? !isFirst && kind is VerdictMembers.Reject or VerdictMembers.TempFail or VerdictMembers.Discard ? kind : null
            : (made as IInvocationOperation)?.TargetMethod.Name;
    }
}
