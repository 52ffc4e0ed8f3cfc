using Microsoft.CodeAnalysis;

namespace Milter.Generators.Infrastructure;

/// <summary>Questions to symbols that Roslyn has no short form for.</summary>
internal static class SymbolExtensions
{
    /// <summary>Says whether a type has this full metadata name, such as <c>System.ReadOnlySpan`1</c>. Nested types never have.</summary>
    public static bool Is(this ISymbol? type, string fullName)
    {
        if (type is not INamedTypeSymbol { ContainingType: null } named || !fullName.EndsWith(named.MetadataName, StringComparison.Ordinal))
        {
            return false;
        }

        int left = fullName.Length - named.MetadataName.Length;
        for (INamespaceSymbol? space = named.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            left--;
            if (left < space.Name.Length || fullName[left] != '.' || string.CompareOrdinal(fullName, left - space.Name.Length, space.Name, 0, space.Name.Length) != 0)
            {
                return false;
            }

            left -= space.Name.Length;
        }

        return left == 0;
    }

    /// <summary>Says whether a type is a generic type over one argument: <c>ReadOnlySpan&lt;byte&gt;</c>.</summary>
    public static bool Is(this ITypeSymbol type, string fullName, Func<ITypeSymbol, bool> argument) =>
        type.Is(fullName) && type is INamedTypeSymbol { TypeArguments.Length: 1 } generic && argument(generic.TypeArguments[0]);

    public static AttributeData? Attribute(this ISymbol symbol, string fullName) =>
        symbol.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass.Is(fullName));

    public static bool Has(this ISymbol symbol, string attribute) => symbol.Attribute(attribute) is not null;

    /// <summary>The value of a named argument, or <paramref name="absent"/> where it is not written.</summary>
    public static T Named<T>(this AttributeData attribute, string name, T absent)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name && argument.Value.Kind == TypedConstantKind.Primitive && argument.Value.Value is T value)
            {
                return value;
            }
        }

        return absent;
    }

    /// <summary>The only constructor argument, where there is one and it is a single value.</summary>
    public static object? Value(this AttributeData attribute) =>
        attribute.ConstructorArguments.Length == 1 && attribute.ConstructorArguments[0] is { Kind: TypedConstantKind.Primitive or TypedConstantKind.Enum } only
            ? only.Value
            : null;

    public static bool DerivesFrom(this INamedTypeSymbol type, string fullName)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (at.Is(fullName))
            {
                return true;
            }
        }

        return false;
    }

    public static bool Implements(this ITypeSymbol type, string fullName) =>
        type.Is(fullName) || type.AllInterfaces.Any(implemented => implemented.Is(fullName));

    /// <summary>The field in which a property keeps its value, where the compiler makes one.</summary>
    public static IFieldSymbol? BackingField(this IPropertySymbol property) => property.ContainingType.GetMembers()
        .OfType<IFieldSymbol>()
        .FirstOrDefault(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    public static Location? LocationOf(this AttributeData attribute, CancellationToken ct) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(ct).GetLocation();
}
