using Microsoft.CodeAnalysis;

namespace Milter.Generators.Infrastructure;

/// <summary>An override says again only what changes: attributes of stage and parameters are those of the nearest declaration that has them.</summary>
internal static class OverrideExtensions
{
    /// <summary>The method and what it overrides, most derived first.</summary>
    public static IEnumerable<IMethodSymbol> Line(this IMethodSymbol method)
    {
        for (IMethodSymbol? at = method; at is not null; at = at.OverriddenMethod)
        {
            yield return at;
        }
    }

    /// <summary>The parameter, and the same one of the methods that its method overrides.</summary>
    public static IEnumerable<IParameterSymbol> Line(this IParameterSymbol parameter) => parameter.ContainingSymbol is IMethodSymbol method
        ? method.Line().Where(at => parameter.Ordinal < at.Parameters.Length).Select(at => at.Parameters[parameter.Ordinal])
        : [parameter];

    /// <summary>An attribute of the parameter, which may stand at the method that its method overrides.</summary>
    public static AttributeData? InheritedAttribute(this IParameterSymbol parameter, string fullName) =>
        parameter.Line().Select(at => at.Attribute(fullName)).FirstOrDefault(found => found is not null);
}
