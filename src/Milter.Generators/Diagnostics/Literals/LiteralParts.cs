using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Milter.Generators.Diagnostics;

/// <summary>The constant parts of a text that is made when the program runs: of <c>$"…"</c> and of sums.</summary>
internal static class LiteralParts
{
    public static IEnumerable<(string Text, IOperation At)> Of(IOperation text)
    {
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
                IInterpolationOperation { Expression: var expression } => Of(expression),
                _ => Enumerable.Empty<(string, IOperation)>(),
            }),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum => Of(sum.LeftOperand).Concat(Of(sum.RightOperand)),
            _ => [],
        };
    }
}
