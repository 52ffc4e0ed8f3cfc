using Microsoft.CodeAnalysis;
using Milter.Generators.Diagnostics;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Parsing;

/// <summary>Says through what a handler is called, so that it is this method and no namesake that runs.</summary>
internal static class Receivers
{
    public static string? Of(ParseContext context, IMethodSymbol method)
    {
        if (method.IsStatic)
        {
            return CSharpText.Qualified(method.ContainingType);
        }

        // In a call, methods of a derived class win over those of its base even where their parameters fit worse.
        List<ISymbol> hiders = [.. context.Lineage()
            .TakeWhile(type => !SymbolEqualityComparer.Default.Equals(type, method.ContainingType))
            .SelectMany(type => type.GetMembers(method.Name))
            .Where(member => context.CanUse(member) && Hides(context, member, method))];
        if (hiders.Count == 0)
        {
            return "this";
        }

        bool baseFindsIt = !method.IsVirtual && !method.IsAbstract && !method.IsOverride
            && hiders.All(member => SymbolEqualityComparer.Default.Equals(member.ContainingType, context.Milter));
        if (baseFindsIt)
        {
            return "base";
        }

        context.Report(
            Descriptors.HiddenHandler,
            context.At(hiders[0]),
            $"{method.ContainingType.Name}.{method.Name}",
            context.Milter.Name,
            $"{hiders[0].ContainingType.Name}.{hiders[0].Name}");
        return null;
    }

    private static bool Hides(ParseContext context, ISymbol member, IMethodSymbol method)
    {
        if (member is not IMethodSymbol other)
        {
            return true;
        }

        if (other.MethodKind != MethodKind.Ordinary || other.Parameters.Length < method.Parameters.Length)
        {
            return other.MethodKind == MethodKind.Ordinary && other.Parameters.Any(parameter => parameter.IsParams);
        }

        return other.IsGenericMethod
            || (other.Parameters.Skip(method.Parameters.Length).All(parameter => parameter.IsOptional || parameter.IsParams)
                && method.Parameters.Zip(other.Parameters, (from, to) => context.Compilation.HasImplicitConversion(from.Type, to.Type)).All(fits => fits));
    }
}
