using Microsoft.CodeAnalysis;
using Milter.Generators.Diagnostics;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Parsing;

/// <summary>Says through what a handler is called or a member is reset, so that it is this one and no namesake.</summary>
internal static class Receivers
{
    public static string? Of(ParseContext context, IMethodSymbol method)
    {
        context.Uses(method);
        if (method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().FirstOrDefault(other => Priority(other) > Priority(method) && Hides(context, other, method)) is { } outranks)
        {
            context.Report(Descriptors.OutrankedHandler, context.At(method), method.Name, outranks.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
            return null;
        }

        if (method.IsStatic)
        {
            context.CheckName(method.ContainingType, context.At(method));
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

    /// <summary>Says through what a field or property is reached, or gives <see langword="null"/> and the member in the way.</summary>
    public static string? Of(ParseContext context, ISymbol member, out ISymbol? hider)
    {
        List<ISymbol> hiders = [.. context.Lineage()
            .TakeWhile(type => !SymbolEqualityComparer.Default.Equals(type, member.ContainingType))
            .SelectMany(type => type.GetMembers(member.Name))
            .Where(other => context.CanUse(other) && other is not IPropertySymbol { IsOverride: true })];
        hider = null;
        if (hiders.Count == 0)
        {
            return "this";
        }

        bool isVirtual = member.IsVirtual || member.IsAbstract || member.IsOverride;
        if (!isVirtual && hiders.All(other => SymbolEqualityComparer.Default.Equals(other.ContainingType, context.Milter)))
        {
            return "base";
        }

        // What is protected can't be reached through a base class's type.
        if (context.Compilation.IsSymbolAccessibleWithin(member, context.Milter, member.ContainingType))
        {
            return $"(({CSharpText.Qualified(member.ContainingType)})this)";
        }

        hider = hiders[0];
        return null;
    }

    private static int Priority(IMethodSymbol method) => method.Attribute("System.Runtime.CompilerServices.OverloadResolutionPriorityAttribute")?.Value() is int priority ? priority : 0;

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
