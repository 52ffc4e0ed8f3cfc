using Microsoft.CodeAnalysis;

namespace Milter.CodeFixes;

/// <summary>What the fixes know of handlers.</summary>
internal static class Handlers
{
    private static readonly string[] s_silent = ["OnRejectedRcptAttribute", "OnAbortAttribute", "OnMessageEndAttribute", "OnCloseAttribute"];

    public static IEnumerable<string> Stages(IMethodSymbol method) => method.GetAttributes()
        .Select(attribute => attribute.AttributeClass)
        .Where(type => type?.BaseType?.ToDisplayString() == "Milter.StageAttribute")
        .Select(type => type!.Name);

    /// <summary>Says whether it is a handler, and all its stages take a verdict.</summary>
    public static bool CanReply(IMethodSymbol method) => Stages(method).Any() && !Stages(method).Intersect(s_silent).Any();
}
