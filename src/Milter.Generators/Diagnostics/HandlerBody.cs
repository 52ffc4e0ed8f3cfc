using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>The body of one handler.</summary>
internal sealed class HandlerBody(OperationBlockAnalysisContext context, IMethodSymbol method, Stages stages)
{
    private readonly HashSet<Location> _reported = [];

    public IMethodSymbol Method => method;

    public Stages Stages => stages;

    public bool IsAsync => HandlerSymbols.IsTaskLike(method.ReturnType);

    /// <summary>Gets everything in the body, in the order of the text.</summary>
    public IEnumerable<IOperation> Operations => context.OperationBlocks.SelectMany(block => block.DescendantsAndSelf());

    /// <summary>Says whether something stands in a lambda or local function of the body.</summary>
    public static bool IsNested(IOperation operation)
    {
        for (IOperation? at = operation.Parent; at is not null; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reports a place once.</summary>
    public void Report(DiagnosticDescriptor rule, Location place, params object[] arguments)
    {
        if (_reported.Add(place))
        {
            context.ReportDiagnostic(Diagnostic.Create(rule, place, arguments));
        }
    }
}
