using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Milter.Generators.Diagnostics.Flow;

/// <summary>Follows a name to the one expression that it stands for, in code of any kind: that of locals that are given one value, of variables of loops and patterns, of the parameters of lambdas.</summary>
internal static class Origins
{
    /// <summary>What a local is given, where that is one thing; where it is given several, one of them may be what makes it fit.</summary>
    public static IOperation? Of(ILocalReferenceOperation local) => Of(local.Local, local, out IOperation? element) ?? element;

    /// <summary>What a local is given, or what a loop goes through whose variable it is.</summary>
    public static IOperation? Of(ILocalSymbol local, IOperation within, out IOperation? collection)
    {
        collection = null;
        IOperation? found = null;
        foreach (IOperation operation in Root(within).DescendantsAndSelf())
        {
            (IOperation? value, IOperation? source) = Given(operation, local);
            if (value is null && source is null)
            {
                continue;
            }

            if (found is not null || collection is not null)
            {
                collection = null;
                return null;
            }

            (found, collection) = (value, source);
        }

        return found;
    }

    /// <summary>What a lambda is called for: <c>values.Any(value => …)</c>; <see langword="null"/> where it is not a parameter of such a one.</summary>
    public static IOperation? CollectionOf(IParameterReferenceOperation reference)
    {
        for (IOperation? at = reference.Parent; at is not null; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation function && function.Symbol.Parameters.Contains(reference.Parameter, SymbolEqualityComparer.Default))
            {
                return function.Symbol.Parameters.IndexOf(reference.Parameter) == 0
                    && function.Parent?.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.IsExtensionMethod: true } call }
                    ? call.Arguments[0].Value
                    : null;
            }
        }

        return null;
    }

    public static IOperation Root(IOperation at)
    {
        while (at.Parent is { } parent)
        {
            at = parent;
        }

        return at;
    }

    private static (IOperation? Value, IOperation? Collection) Given(IOperation operation, ILocalSymbol local)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation { Initializer.Value: { } value } declared when Is(declared.Symbol):
                return (value, null);
            case IForEachLoopOperation loop when loop.Locals.Any(Is):
                return (null, loop.Collection);
            case IAssignmentOperation { Target: ILocalReferenceOperation target } assignment when Is(target.Local):
                return (assignment.Value, null);
            case IDeclarationPatternOperation pattern when Is(pattern.DeclaredSymbol):
                return (Matched(pattern), null);
            case IRecursivePatternOperation pattern when Is(pattern.DeclaredSymbol):
                return (Matched(pattern), null);
            default:
                return default;
        }

        bool Is(ISymbol? symbol) => SymbolEqualityComparer.Default.Equals(symbol, local);
    }

    private static IOperation? Matched(IOperation pattern)
    {
        while (pattern.Parent is IPatternOperation outer)
        {
            pattern = outer;
        }

        return pattern.Parent switch
        {
            IIsPatternOperation asked => asked.Value,
            IPropertySubpatternOperation { Member: { } member } => member,
            _ => null,
        };
    }
}
