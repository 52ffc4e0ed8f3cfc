using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports replies that repeat what a message's header says: a text with a line end or a control character throws, and the sender chooses the text.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReplySourceAnalyzer : DiagnosticAnalyzer
{
    private const int MaxDepth = 6;

    private static readonly HashSet<string> s_keeps = ["Trim", "TrimStart", "TrimEnd", "Substring", "ToString", "ToUpper", "ToLower", "ToUpperInvariant", "ToLowerInvariant", "Concat", "Format", "Join", "PadLeft", "PadRight", "Create"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.SendersReply);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Check, OperationKind.Invocation);
    }

    private static void Check(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod is not { Name: "Reject" or "TempFail", Parameters.Length: > 0, ContainingType: { } type } || !type.Is(RuntimeNames.Verdict))
        {
            return;
        }

        foreach (IArgumentOperation argument in call.Arguments.Where(argument => argument.Parameter is { Name: not ("code" or "enhanced") }))
        {
            if (Source(argument.Value, 0) is { } source && !IsKnown(source))
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.SendersReply, source.Syntax.GetLocation(), call.TargetMethod.Name));
            }
        }
    }

    /// <summary>The part of a text that is a header's value as it came: not one that a method of the program has made something else of.</summary>
    private static IOperation? Source(IOperation? text, int depth)
    {
        if (text is null || depth > MaxDepth)
        {
            return null;
        }

        IOperation bare = text.Bare();
        if (MailText.Of(bare) is MailTextKind.RawValue or MailTextKind.DecodedValue && bare.Type?.SpecialType == SpecialType.System_String)
        {
            return bare;
        }

        return Parts(bare).Select(part => Source(part, depth + 1)).FirstOrDefault(source => source is not null) is { } found
            ? bare is ILocalReferenceOperation ? bare : found
            : null;
    }

    /// <summary>Says whether the text is one that the program names itself: it was asked whether it is.</summary>
    private static bool IsKnown(IOperation source)
    {
        for (IOperation? at = source; at?.Parent is { } parent; at = parent)
        {
            if (parent is IConditionalOperation either && either.WhenTrue == at && either.Condition.DescendantsAndSelf().Any(part => part is IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equals && IsNamed(equals, source)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNamed(IBinaryOperation equals, IOperation source) =>
        (equals.RightOperand.ConstantText() is not null && equals.LeftOperand.Bare().Syntax.ToString() == source.Syntax.ToString())
        || (equals.LeftOperand.ConstantText() is not null && equals.RightOperand.Bare().Syntax.ToString() == source.Syntax.ToString());

    private static List<IOperation?> Parts(IOperation text)
    {
        switch (text)
        {
            case IInterpolatedStringOperation interpolated:
                return [.. interpolated.Parts.OfType<IInterpolationOperation>().Select(part => part.Expression)];
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum:
                return [sum.LeftOperand, sum.RightOperand];
            case IConditionalOperation either:
                return [either.WhenTrue, either.WhenFalse];
            case ICoalesceOperation coalesce:
                return [coalesce.Value, coalesce.WhenNull];
            case IConditionalAccessOperation { WhenNotNull: IInvocationOperation part } access when s_keeps.Contains(part.TargetMethod.Name):
                return [access.Operation];
            case IInvocationOperation call when call.TargetMethod.ContainingType.SpecialType == SpecialType.System_String && s_keeps.Contains(call.TargetMethod.Name):
                return [call.Instance, .. call.Arguments.Select(argument => argument.Value)];
            case IArrayCreationOperation { Initializer: { } initializer }:
                return [.. initializer.ElementValues];
            case ILocalReferenceOperation local:
                return Given(local);
            default:
                return [];
        }
    }

    /// <summary>What a local is given; where it is given several things, one of them may be what makes it fit.</summary>
    private static List<IOperation?> Given(ILocalReferenceOperation local)
    {
        IOperation root = local;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        List<IOperation?> values = [.. root.DescendantsAndSelf().Select(operation => operation switch
        {
            IVariableDeclaratorOperation declared when SymbolEqualityComparer.Default.Equals(declared.Symbol, local.Local) => declared.Initializer?.Value,
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment when SymbolEqualityComparer.Default.Equals(target.Local, local.Local) => assignment.Value,
            IDeclarationPatternOperation pattern when SymbolEqualityComparer.Default.Equals(pattern.DeclaredSymbol, local.Local) => Matched(pattern),
            IRecursivePatternOperation pattern when SymbolEqualityComparer.Default.Equals(pattern.DeclaredSymbol, local.Local) => Matched(pattern),
            _ => null,
        }).Where(value => value is not null)];
        return values.Count == 1 ? values : [];
    }

    private static IOperation? Matched(IOperation pattern)
    {
        while (pattern.Parent is IPatternOperation outer)
        {
            pattern = outer;
        }

        return (pattern.Parent as IIsPatternOperation)?.Value;
    }
}
