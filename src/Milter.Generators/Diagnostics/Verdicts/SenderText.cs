using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;

namespace Milter.Generators.Diagnostics;

/// <summary>Finds the part of a text that is a header's value as it came: not one that a method of the program has made something else of, and not one that it was asked for by name.</summary>
internal static class SenderText
{
    private const int MaxDepth = 6;

    private static readonly HashSet<string> s_keeps = ["Trim", "TrimStart", "TrimEnd", "Substring", "ToString", "ToUpper", "ToLower", "ToUpperInvariant", "ToLowerInvariant", "Concat", "Format", "Join", "PadLeft", "PadRight", "Create"];

    /// <summary>Says whether an expression is such a value itself.</summary>
    public static bool IsHeader(IOperation text) => (text.Type?.SpecialType == SpecialType.System_String ? MailText.Of(text) : MailText.OfElement(text)) is MailTextKind.RawValue or MailTextKind.DecodedValue;

    /// <param name="text">The text.</param>
    /// <param name="isSource">Says which expressions are what is looked for.</param>
    public static IOperation? Find(IOperation? text, Func<IOperation, bool> isSource) => Find(text, isSource, 0) is { } found && !IsKnown(found) ? found : null;

    /// <summary>The texts of a reply: all but its codes.</summary>
    public static IEnumerable<IArgumentOperation> TextsOf(IInvocationOperation reply) => reply.Arguments.Where(argument => argument.Parameter is { Name: not ("code" or "enhanced") });

    private static IOperation? Find(IOperation? text, Func<IOperation, bool> isSource, int depth)
    {
        if (text is null || depth > MaxDepth)
        {
            return null;
        }

        IOperation bare = text.Bare();
        if (isSource(bare))
        {
            return bare;
        }

        return Parts(bare).Select(part => Find(part, isSource, depth + 1)).FirstOrDefault(source => source is not null) is { } found
            ? bare is ILocalReferenceOperation ? bare : found
            : null;
    }

    /// <summary>Says whether the text is one that the program names itself: it was asked whether it is.</summary>
    private static bool IsKnown(IOperation source)
    {
        for (IOperation? at = source; at?.Parent is { } parent; at = parent)
        {
            if (parent is IConditionalOperation either && either.WhenTrue == at && either.Condition.DescendantsAndSelf().Any(part => IsNamed(part, source)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNamed(IOperation condition, IOperation source) => condition switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equals =>
            (equals.RightOperand.ConstantText() is not null && IsSame(equals.LeftOperand, source)) || (equals.LeftOperand.ConstantText() is not null && IsSame(equals.RightOperand, source)),
        IIsPatternOperation pattern => IsSame(pattern.Value, source) && IsOfConstants(pattern.Pattern),
        _ => false,
    };

    private static bool IsOfConstants(IPatternOperation pattern) => pattern switch
    {
        IConstantPatternOperation { Value: var value } => value.ConstantText() is not null,
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either => IsOfConstants(either.LeftPattern) && IsOfConstants(either.RightPattern),
        _ => false,
    };

    private static bool IsSame(IOperation one, IOperation other) => one.Bare().Syntax.ToString() == other.Syntax.ToString();

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
                return [Origins.Of(local.Local, local, out _)];
            default:
                return [];
        }
    }
}
