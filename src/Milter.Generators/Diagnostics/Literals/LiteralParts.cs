using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>The constant parts of a text that is made when the program runs: of <c>$"…"</c>, of sums, formats and joins, and of the local that has it.</summary>
internal static class LiteralParts
{
    private const int MaxDepth = 6;

    public static IEnumerable<(string Text, IOperation At)> Of(IOperation text) => Of(text, 0);

    /// <summary>The part that ends the text.</summary>
    public static IOperation LastOf(IOperation text) => text.Bare() switch
    {
        IInterpolatedStringOperation { Parts: { Length: > 0 } parts } => parts[parts.Length - 1] is IInterpolationOperation { Expression: var expression } ? LastOf(expression) : parts[parts.Length - 1],
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, ConstantValue.HasValue: false } sum => LastOf(sum.RightOperand),
        var bare => bare,
    };

    private static IEnumerable<(string Text, IOperation At)> Of(IOperation? text, int depth)
    {
        if (text is null || depth > MaxDepth)
        {
            return [];
        }

        IOperation bare = text.Bare();
        if (bare.ConstantValue is { HasValue: true, Value: string constant })
        {
            return [(constant, bare)];
        }

        return bare switch
        {
            IInterpolatedStringOperation interpolated => interpolated.Parts.SelectMany(part => part switch
            {
                IInterpolatedStringTextOperation { Text.ConstantValue: { HasValue: true, Value: string written } } => [(written, part)],
                IInterpolationOperation { Expression: var expression } => Of(expression, depth + 1),
                _ => Enumerable.Empty<(string, IOperation)>(),
            }),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum => Of(sum.LeftOperand, depth + 1).Concat(Of(sum.RightOperand, depth + 1)),
            IConditionalOperation { WhenFalse: { } other } either => Of(either.WhenTrue, depth + 1).Concat(Of(other, depth + 1)),
            IInvocationOperation { TargetMethod: { Name: "Format" or "Join" or "Concat", ContainingType.SpecialType: SpecialType.System_String } } call =>
                call.Arguments.Where(argument => argument.Parameter is { Name: not "provider" }).SelectMany(argument => Of(argument.Value, depth + 1)),
            IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues.SelectMany(value => Of(value, depth + 1)),
            IPropertyReferenceOperation { Property: { Name: "NewLine", ContainingType: { } type } } when type.Is("System.Environment") => [("\n", bare)],

            // One mistake, shown where it has its effect.
            ILocalReferenceOperation local => Of(Origins.Of(local.Local, local, out _), depth + 1).Select(part => (part.Text, (IOperation)local)),
            _ => [],
        };
    }
}
