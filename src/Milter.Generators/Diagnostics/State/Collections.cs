using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>What counts as filling something that gathers.</summary>
internal static class Collections
{
    private static readonly HashSet<string> s_changes =
    [
        "Add", "AddRange", "AddFirst", "AddLast", "AddOrUpdate", "Append", "AppendLine", "AppendFormat", "AppendJoin", "Enqueue", "EnqueueRange", "GetOrAdd", "Insert", "InsertRange", "Push", "PushRange",
        "Remove", "RemoveAll", "RemoveAt", "Dequeue", "Pop", "TryAdd", "TryDequeue", "TryPop", "TryRemove", "TryUpdate", "UnionWith", "ExceptWith", "IntersectWith", "SymmetricExceptWith", "Set", "SetAll", "Write", "WriteLine", "WriteByte", "WriteAsync", "WriteLineAsync", "CopyFrom",
    ];

    /// <summary>What gathers without being a collection, and by which methods.</summary>
    private static readonly ImmutableArray<(string Type, string Method)> s_gatherers = ImmutableArray.Create(
        ("System.Text.StringBuilder", ""),
        ("System.IO.MemoryStream", ""),
        ("System.IO.StringWriter", ""),
        ("System.IO.StreamWriter", ""),
        ("System.IO.BinaryWriter", ""),
        ("System.Text.Json.Utf8JsonWriter", "Write"),
        ("System.Buffers.ArrayBufferWriter`1", ""),
        ("System.Buffers.ArrayBufferWriter`1", "Advance"),
        ("System.Security.Cryptography.IncrementalHash", "AppendData"),
        ("System.Security.Cryptography.HashAlgorithm", "Transform"),
        ("System.IO.Hashing.NonCryptographicHashAlgorithm", "Append"),
        ("System.HashCode", "Add"));

    /// <summary>Says whether a method puts something into what it is called on, or takes something out.</summary>
    public static bool IsFilledBy(ITypeSymbol? type, string method) => type is not null
        && ((s_changes.Contains(method) && Is(type)) || s_gatherers.Any(row => row.Method.Length > 0 && method.StartsWith(row.Method, StringComparison.Ordinal) && IsOf(type, row.Type)));

    public static bool IsChange(string method) => s_changes.Contains(method);

    /// <summary>Collections that change in place, and what collects text or bytes.</summary>
    public static bool Is(ITypeSymbol? type) => type is not null
        && type.SpecialType != SpecialType.System_String
        && !IsImmutable(type)
        && (s_gatherers.Any(row => row.Method.Length == 0 && IsOf(type, row.Type))
            || type.SpecialType == SpecialType.System_Collections_IEnumerable
            || type.AllInterfaces.Any(implemented => implemented.SpecialType == SpecialType.System_Collections_IEnumerable));

    /// <summary>What several threads may use at once: collections made for it, and what has a value for each.</summary>
    public static bool IsForThreads(ITypeSymbol? type) => type?.ContainingNamespace?.ToDisplayString() is "System.Collections.Concurrent" or "System.Threading.Channels"
        || type?.OriginalDefinition.Is("System.Threading.AsyncLocal`1") == true || type?.OriginalDefinition.Is("System.Threading.ThreadLocal`1") == true;

    private static bool IsImmutable(ITypeSymbol type) => type.ContainingNamespace?.ToDisplayString() is "System.Collections.Immutable" or "System.Collections.Frozen" && type.Name != "Builder";

    private static bool IsOf(ITypeSymbol type, string name)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (at.OriginalDefinition.Is(name))
            {
                return true;
            }
        }

        return false;
    }
}
