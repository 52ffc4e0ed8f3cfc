using Microsoft.CodeAnalysis;

namespace Milter.CodeFixes;

/// <summary>What the fixes know of handlers.</summary>
internal static class Handlers
{
    private static readonly string[] s_silent = ["OnRejectedRcptAttribute", "OnAbortAttribute", "OnMessageEndAttribute", "OnCloseAttribute"];

    /// <summary>The names of its stage attributes, which may stand at a method that it overrides.</summary>
    public static IEnumerable<string> Stages(IMethodSymbol method)
    {
        HashSet<string> stages = [];
        for (IMethodSymbol? at = method; at is not null; at = at.OverriddenMethod)
        {
            stages.UnionWith(at.GetAttributes()
                .Select(attribute => attribute.AttributeClass)
                .Where(type => type?.BaseType?.ToDisplayString() == "Milter.StageAttribute")
                .Select(type => type!.Name));
        }

        return stages;
    }

    /// <summary>Says whether it is a handler, and all its stages take a verdict.</summary>
    public static bool CanReply(IMethodSymbol method) => Stages(method).Any() && !Stages(method).Intersect(s_silent).Any();
}
