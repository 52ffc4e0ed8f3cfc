using Microsoft.CodeAnalysis;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Parsing;

/// <summary>Names generated files after their class, each name once however the names of classes differ.</summary>
/// <remarks>A class's own name never asks what else there is in its namespace: that would be asked at each keystroke. Only the names of milters can be in each other's way.</remarks>
internal static class HintNames
{
    public static string Of(INamedTypeSymbol type) => Part(type);

    /// <summary>Of all names, those that are not the only one when case is left aside, in an order that no edit changes.</summary>
    public static EquatableArray<string> Alike(IEnumerable<string> names) => names
        .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Skip(1).Any())
        .SelectMany(group => group)
        .OrderBy(name => name, StringComparer.Ordinal)
        .ToEquatableArray();

    /// <summary>The file's name. Hint names are compared without case, so of names that differ by case only all but the first get a number.</summary>
    /// <returns><see langword="null"/> for a name that two classes have, which the compiler objects to.</returns>
    public static string? File(string name, EquatableArray<string> alike)
    {
        List<string> namesakes = [.. alike.Where(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase))];
        int index = namesakes.IndexOf(name);
        return index != namesakes.LastIndexOf(name) ? null : $"{name}{(index > 0 ? $"-{index}" : "")}.g.cs";
    }

    private static string Part(ISymbol symbol) => symbol.ContainingSymbol switch
    {
        INamedTypeSymbol outer => $"{Part(outer)}+{symbol.Name}",
        INamespaceSymbol { IsGlobalNamespace: false } space => $"{Part(space)}.{symbol.Name}",
        _ => symbol.Name,
    };
}
