using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Says what becomes of a verdict in the method that has it.</summary>
internal static class ReturnedVerdict
{
    /// <summary>Says whether an expression is what the method around it returns: itself, as a branch, or in a task that is complete.</summary>
    public static bool IsReturned(IOperation verdict)
    {
        for (IOperation at = verdict; at.Parent is { } parent; at = parent)
        {
            bool goesOn = parent switch
            {
                IConversionOperation or IParenthesizedOperation or ICoalesceOperation or ISwitchExpressionOperation or IAwaitOperation => true,
                IConditionalOperation either => either.Condition != at,
                ISwitchExpressionArmOperation arm => arm.Value == at,
                IArgumentOperation { Parent: IObjectCreationOperation { Type: { } type } } => HandlerSymbols.IsTaskLike(type),
                IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "FromResult" } } => true,
                IObjectCreationOperation or IInvocationOperation => at is IArgumentOperation,
                _ => false,
            };
            if (!goesOn)
            {
                return parent is IReturnOperation;
            }
        }

        return false;
    }

    /// <summary>Says whether the method asks of a local which verdict it is: then it knows where it returns it.</summary>
    public static bool IsAsked(IOperation verdict) => verdict.Bare() is ILocalReferenceOperation { Local: var local }
        && Origins.Root(verdict).DescendantsAndSelf().Any(operation => operation switch
        {
            IPropertyReferenceOperation { Property.Name: "IsContinue" or "Kind", Instance: ILocalReferenceOperation asked } => SymbolEqualityComparer.Default.Equals(asked.Local, local),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } compared =>
                new[] { compared.LeftOperand.Bare(), compared.RightOperand.Bare() }.OfType<ILocalReferenceOperation>().Any(asked => SymbolEqualityComparer.Default.Equals(asked.Local, local)),
            IIsPatternOperation { Value: var asked, Pattern: IRecursivePatternOperation pattern } =>
                SymbolEqualityComparer.Default.Equals(pattern.DeclaredSymbol, local) || (asked.Bare() is ILocalReferenceOperation given && SymbolEqualityComparer.Default.Equals(given.Local, local)),
            _ => false,
        });
}
