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
                    case ICatchClauseOperation clause when CatchesAll(clause) && WherePassed(clause, body) is { } passes:
                        report.Report(Descriptors.CatchContinues, passes.Syntax.GetLocation());
                        break;
                    case IInvocationOperation call when IsForOneRecipient(body) && CodeThatEnds(call) is { } code:
                        report.Report(Descriptors.EndsSession, code.Syntax.GetLocation());
                        break;
                    case IFieldReferenceOperation { Field: { IsReadOnly: true } field } when IsForOneRecipient(body) && field.Type.Is(RuntimeNames.Verdict)
                        && report.Filter.Source.InitialOf(field.OriginalDefinition)?.Bare() is IInvocationOperation made && CodeThatEnds(made) is not null:
                        report.Report(Descriptors.EndsSession, operation.Syntax.GetLocation());
                        break;
                }
            }
        }
    }

    private static bool IsForOneRecipient(FilterBody body) => (body.Stages & Stages.Rcpt) != 0 && (body.Stages & ~StageGroups.Recipients) == 0;

    private static IOperation? CodeThatEnds(IInvocationOperation call) =>
        VerdictMembers.KindOf(call) == VerdictMembers.TempFail && call.Argument("code") is { ConstantValue: { HasValue: true, Value: 421 } } code ? code : null;

    private static bool OnlyContinues(FilterBody body)
    {
        List<IReturnOperation> returns = [.. body.Operations.OfType<IReturnOperation>().Where(returned => returned.Enclosing() is null)];
        return returns.Count > 0 && returns.All(returned => OnlyContinues(returned.ReturnedValue, body)) && !body.Operations.Any(HasAReason);
    }

    private static bool OnlyContinues(IOperation? value, FilterBody body) => value?.Bare() switch
    {
        ILocalReferenceOperation local => body.Locals.ValuesOf(local) is { Length: > 0 } values && values.All(IsContinue),
        ISwitchExpressionOperation many => many.Arms.All(arm => IsContinue(arm.Value)),
        var other => IsContinue(other),
    };

    /// <summary>Says whether there is a reason to wait: another verdict in hand, an exception that is the verdict, a delay that is meant to be felt.</summary>
    private static bool HasAReason(IOperation operation) => operation switch
    {
        IThrowOperation { Exception: not null } => true,
        IInvocationOperation { TargetMethod: { Name: "Delay", ContainingType: { } type } } when type.Is("System.Threading.Tasks.Task") => true,
        IInvocationOperation or IAwaitOperation => operation.Type.Is(RuntimeNames.Verdict),
        _ => false,
    };

    /// <summary>All exceptions, or all but some.</summary>
    private static bool CatchesAll(ICatchClauseOperation clause) => (clause.ExceptionType is null or { SpecialType: SpecialType.System_Object } || clause.ExceptionType.Is("System.Exception"))
        && clause.Filter is null or IIsPatternOperation { Pattern: INegatedPatternOperation } or IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: IIsTypeOperation };

    /// <summary>Where a verdict of Continue or Accept is what becomes of an exception: in the clause, or behind it where the <c>try</c> judges and the clause only swallows.</summary>
    private static IOperation? WherePassed(ICatchClauseOperation clause, FilterBody body)
    {
        List<IOperation> within = [.. clause.Handler.Descendants().Where(operation => operation.Enclosing() == clause.Enclosing())];
        if (within.OfType<IReturnOperation>().FirstOrDefault(returned => Passes(returned.ReturnedValue)) is { } passes)
        {
            return passes;
        }

        if (within.OfType<IAssignmentOperation>().Count() == 1 && within.OfType<ISimpleAssignmentOperation>().FirstOrDefault() is { } assigned && assigned.Target.Type.Is(RuntimeNames.Verdict) && Passes(assigned.Value) && IsReturnedLater(assigned.Target, body))
        {
            return assigned.Value;
        }

        bool swallows = !within.Any(operation => operation is IReturnOperation or IThrowOperation or IBranchOperation or IAssignmentOperation);
        return swallows && clause.Parent is ITryOperation { Body: var judged } attempt && judged.Descendants().OfType<IReturnOperation>().Any(returned => returned.Enclosing() == clause.Enclosing() && !Passes(returned.ReturnedValue))
            && Next(attempt) is IReturnOperation next && Passes(next.ReturnedValue) ? next : null;
    }

    private static bool IsReturnedLater(IOperation local, FilterBody body) => local is ILocalReferenceOperation { Local: var kept } && body.Operations.OfType<IReturnOperation>().Any(returned =>
        returned.ReturnedValue?.Bare() is ILocalReferenceOperation used && SymbolEqualityComparer.Default.Equals(used.Local, kept));

    private static IOperation? Next(IOperation statement) => statement.Parent is IBlockOperation block ? block.Operations.SkipWhile(other => other != statement).Skip(1).FirstOrDefault() : null;

    private static bool Passes(IOperation? value) => IsContinue(value) || VerdictMembers.KindOf(value) == VerdictMembers.Accept || (value?.Bare() is IDefaultValueOperation bare && bare.Type.Is(RuntimeNames.Verdict));

    private static bool IsContinue(IOperation? value) => value?.Bare() switch
    {
        IConditionalOperation either => IsContinue(either.WhenTrue) && IsContinue(either.WhenFalse),
        IInvocationOperation { TargetMethod.Name: "FromResult", Arguments: { Length: 1 } task } => IsContinue(task[0].Value),
        IObjectCreationOperation { Arguments: { Length: 1 } task } => IsContinue(task[0].Value),
        var made => VerdictMembers.KindOf(made) == VerdictMembers.Continue,
    };
}
