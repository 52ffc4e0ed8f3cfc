using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports handlers that make the MTA wait for a Continue, exceptions that let mail pass, and a reply that ends the session where one recipient is meant.</summary>
internal sealed class EmptyJudgementCheck : FilterCheck
{
    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.OnlyContinues, Descriptors.CatchContinues, Descriptors.EndsSession);

    public override void Check(FilterReport report)
    {
        foreach (FilterBody body in report.Bodies)
        {
            if (body.Handles != Stages.None && (body.Handles & Stages.Eom) == 0 && body.Method is { IsVirtual: false, IsOverride: false } method && HandlerSymbols.ReturnsVerdict(method) && OnlyContinues(body))
            {
                report.Report(Descriptors.OnlyContinues, method.Locations[0], method.Name);
            }

            foreach (IOperation operation in body.Operations)
            {
                switch (operation)
                {
                    case ICatchClauseOperation { Filter: null } clause when CatchesAll(clause) && clause.Handler.Descendants().OfType<IReturnOperation>().FirstOrDefault(returned => returned.Enclosing() == clause.Enclosing() && Passes(returned.ReturnedValue)) is { } passes:
                        report.Report(Descriptors.CatchContinues, passes.Syntax.GetLocation());
                        break;
                    case IInvocationOperation { TargetMethod: { Name: "TempFail", ContainingType: { } type } } call when (body.Stages & Stages.Rcpt) != 0 && (body.Stages & ~StageGroups.Recipients) == 0
                        && type.Is(RuntimeNames.Verdict) && call.Argument("code") is { ConstantValue: { HasValue: true, Value: 421 } } code:
                        report.Report(Descriptors.EndsSession, code.Syntax.GetLocation());
                        break;
                }
            }
        }
    }

    private static bool OnlyContinues(FilterBody body)
    {
        List<IReturnOperation> returns = [.. body.Operations.OfType<IReturnOperation>().Where(returned => returned.Enclosing() is null)];

        // One that has another verdict in hand means to say it.
        return returns.Count > 0 && returns.All(returned => IsContinue(returned.ReturnedValue)) && !body.Operations.Any(operation => operation.Type.Is(RuntimeNames.Verdict) && operation is IInvocationOperation or IAwaitOperation);
    }

    private static bool CatchesAll(ICatchClauseOperation clause) => clause.ExceptionType is null or { SpecialType: SpecialType.System_Object } || clause.ExceptionType.Is("System.Exception");

    private static bool Passes(IOperation? value) => IsContinue(value) || value?.Bare() is IPropertyReferenceOperation { Property: { Name: "Accept", ContainingType: { } type } } && type.Is(RuntimeNames.Verdict);

    private static bool IsContinue(IOperation? value) => value?.Bare() switch
    {
        IPropertyReferenceOperation { Property: { Name: "Continue", ContainingType: { } type } } => type.Is(RuntimeNames.Verdict),
        IConditionalOperation either => IsContinue(either.WhenTrue) && IsContinue(either.WhenFalse),
        IInvocationOperation { TargetMethod.Name: "FromResult", Arguments: { Length: 1 } task } => IsContinue(task[0].Value),
        IObjectCreationOperation { Arguments: { Length: 1 } task } => IsContinue(task[0].Value),
        _ => false,
    };
}
