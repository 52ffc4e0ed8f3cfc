using Microsoft.CodeAnalysis;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>What counts as filling a collection.</summary>
internal static class Collections
{
    private static readonly HashSet<string> s_changes =
    [
        "Add", "AddRange", "AddFirst", "AddLast", "Append", "AppendLine", "AppendFormat", "Enqueue", "Insert", "InsertRange", "Push",
        "Remove", "RemoveAll", "RemoveAt", "TryAdd", "UnionWith", "Write", "WriteLine",
    ];

    public static bool IsChange(string method) => s_changes.Contains(method);

    /// <summary>Collections of the framework that are not made for several threads, and what collects text or bytes.</summary>
    public static bool Is(ITypeSymbol? type) => type is not null
        && type.SpecialType != SpecialType.System_String
        && type.ContainingNamespace?.Name != "Concurrent"
        && (type.Is("System.Text.StringBuilder") || type.Is("System.IO.MemoryStream") || type.Is("System.IO.StringWriter")
            || type.AllInterfaces.Any(implemented => implemented.SpecialType == SpecialType.System_Collections_IEnumerable));
}
