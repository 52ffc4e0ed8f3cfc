using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports verdicts that nobody returns, tasks that nobody awaits, and verdicts that are compared word by word.</summary>
/// <remarks>Verdicts everywhere, tasks in filters only. What is given to <c>_</c> is dropped on purpose. CS4014 sees tasks in asynchronous methods, and not through delegates.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DroppedAnalyzer : DiagnosticAnalyzer
{
    private static readonly string[] s_runs = [RuntimeNames.Server, "Microsoft.Extensions.Hosting.MilterHostExtensions", "Milter.BodyEditor", "Milter.MessageBody"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(Descriptors.DroppedVerdict, Descriptors.DroppedTask, Descriptors.ComparedVerdict);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(RuntimeNames.Verdict) is null)
            {
                return;
            }

            start.RegisterOperationAction(Statement, OperationKind.ExpressionStatement);
            start.RegisterOperationAction(Local, OperationKind.VariableDeclarator);
            start.RegisterOperationAction(Lambda, OperationKind.AnonymousFunction);
            start.RegisterOperationAction(Compared, OperationKind.Binary, OperationKind.Invocation);
        });
    }

    private static void Statement(OperationAnalysisContext context) =>
        Check(context, ((IExpressionStatementOperation)context.Operation).Operation);

    /// <summary>What an asynchronous lambda throws ends the process where nobody has its task.</summary>
    private static void Lambda(OperationAnalysisContext context)
    {
        var function = (IAnonymousFunctionOperation)context.Operation;
        if (Work.IsForgotten(function) && function.Syntax is AnonymousFunctionExpressionSyntax { AsyncKeyword: var async } && IsInFilter(context.ContainingSymbol))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.DroppedTask, async.GetLocation(), function.Syntax.ToString().Split(['='], 2)[0].Trim()));
        }
    }

    /// <summary>A local that is made by a call and never read is as good as dropped; one that is made of a constant is only untidy.</summary>
    private static void Local(OperationAnalysisContext context)
    {
        var declared = (IVariableDeclaratorOperation)context.Operation;
        if (declared.Initializer?.Value is { } value && IsOfInterest(declared.Symbol.Type) && !Work.IsUsed(declared.Symbol, declared))
        {
            Check(context, value);
        }
    }

    private static void Check(OperationAnalysisContext context, IOperation value)
    {
        IOperation made = value.Bare();

        // What it is given of the handler's is reported where it is given.
        if (made is IInvocationOperation { TargetMethod: { IsAsync: true, ReturnsVoid: true } begun } forgotten && forgotten.Arguments.All(argument => argument.Value.Type?.SpecialType is not null and not SpecialType.None) && IsInFilter(context.ContainingSymbol))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.DroppedTask, value.Syntax.GetLocation(), begun.Name));
            return;
        }

        if (made is IConditionalAccessOperation access)
        {
            made = access.WhenNotNull.Bare();
        }

        if (made is not (IInvocationOperation or IAwaitOperation or IObjectCreationOperation or IConditionalOperation or ICoalesceOperation or ISwitchExpressionOperation) || made.Type is not { } type)
        {
            return;
        }

        if (type is IArrayTypeSymbol && !IsOfCalls(made))
        {
            return;
        }

        string what = made is IInvocationOperation call ? NameOf(call) : made is IAwaitOperation { Operation: IInvocationOperation awaited } ? NameOf(awaited) : CSharpText.Short(type);
        if (IsVerdict(type))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.DroppedVerdict, value.Syntax.GetLocation(), what));
        }
        else if (HandlerSymbols.IsTaskLike(type) && type is INamedTypeSymbol { TypeArguments.Length: 1 } task && IsVerdict(task.TypeArguments[0]))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.DroppedVerdict, value.Syntax.GetLocation(), what));
        }
        else if (HandlerSymbols.IsTaskLike(type) && made is IInvocationOperation started && (IsRun(started) || IsInFilter(context.ContainingSymbol)))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.DroppedTask, value.Syntax.GetLocation(), what));
        }
    }

    /// <summary>Says whether what is awaited together are calls, whose tasks nobody else has.</summary>
    private static bool IsOfCalls(IOperation made) => made is IAwaitOperation { Operation: var all }
        && all.DescendantsAndSelf().OfType<IInvocationOperation>().FirstOrDefault(call => call.TargetMethod.Name == "WhenAll") is { } whenAll
        && whenAll.Syntax is InvocationExpressionSyntax { ArgumentList.Arguments: var tasks } && tasks.All(task => task.Expression is InvocationExpressionSyntax);

    private static void Compared(OperationAnalysisContext context)
    {
        foreach (IOperation side in Sides(context.Operation))
        {
            if (side is IInvocationOperation made && VerdictMembers.KindOf(made) is { } kind)
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.ComparedVerdict, context.Operation.Syntax.GetLocation(), kind));
                return;
            }
        }
    }

    /// <summary>What is compared, where that is verdicts.</summary>
    private static IEnumerable<IOperation> Sides(IOperation comparison) => comparison switch
    {
        IBinaryOperation { OperatorMethod: { Name: WellKnownMemberNames.EqualityOperatorName or WellKnownMemberNames.InequalityOperatorName, ContainingType: { } type } } binary when type.Is(RuntimeNames.Verdict) =>
            [binary.LeftOperand.Bare(), binary.RightOperand.Bare()],
        IInvocationOperation { TargetMethod.Name: "Equals", Instance: { } instance, Arguments: { Length: 1 } arguments } when instance.Type.Is(RuntimeNames.Verdict) => [instance.Bare(), arguments[0].Value.Bare()],
        _ => [],
    };

    private static bool IsOfInterest(ITypeSymbol type) => IsVerdict(type) || HandlerSymbols.IsTaskLike(type);

    private static bool IsVerdict(ITypeSymbol type) => type.Is(RuntimeNames.Verdict)
        || (type is IArrayTypeSymbol many && IsVerdict(many.ElementType))
        || (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } maybe && maybe.TypeArguments[0].Is(RuntimeNames.Verdict));

    private static bool IsRun(IInvocationOperation call) => s_runs.Any(name => call.TargetMethod.ContainingType.Is(name));

    private static bool IsInFilter(ISymbol symbol)
    {
        for (INamedTypeSymbol? type = symbol.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.Has(RuntimeNames.MilterAttribute) || type.GetMembers().Any(member => HandlerSymbols.StagesOf(member) != Stages.None))
            {
                return true;
            }
        }

        return false;
    }

    private static string NameOf(IInvocationOperation call) => call.TargetMethod.MethodKind == MethodKind.DelegateInvoke && call.Instance is { } function
        ? function.Syntax.ToString()
        : call.TargetMethod.Name;
}
