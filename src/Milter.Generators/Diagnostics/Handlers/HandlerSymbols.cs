using Microsoft.CodeAnalysis;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Says what a method is a handler of.</summary>
internal static class HandlerSymbols
{
    /// <summary>The steps of a message at which its state is made, from MAIL to EOM.</summary>
    public const Stages MessageSteps = StageGroups.InMessage & ~(Stages.Abort | Stages.MessageEnd);

    public static Stages StagesOf(ISymbol? symbol)
    {
        Stages stages = Stages.None;
        for (IMethodSymbol? method = symbol as IMethodSymbol; method is not null; method = method.OverriddenMethod)
        {
            foreach (AttributeData attribute in method.GetAttributes())
            {
                stages |= RuntimeSymbols.StageOf(attribute)?.Stage ?? Stages.None;
            }
        }

        return stages;
    }

    /// <summary>Says what a handler returns inside its task, if that is a verdict.</summary>
    public static bool ReturnsVerdict(IMethodSymbol method) => method.ReturnType.Is(RuntimeNames.Verdict)
        || (IsTaskLike(method.ReturnType) && method.ReturnType is INamedTypeSymbol { TypeArguments.Length: 1 } task && task.TypeArguments[0].Is(RuntimeNames.Verdict));

    public static bool IsTaskLike(ITypeSymbol type) => type.OriginalDefinition is var definition
        && (definition.Is("System.Threading.Tasks.Task") || definition.Is("System.Threading.Tasks.Task`1")
            || definition.Is("System.Threading.Tasks.ValueTask") || definition.Is("System.Threading.Tasks.ValueTask`1"));

    public static string Attributes(Stages stages) => string.Join(", ", StageInfo.All.Where(stage => (stage.Stage & stages) != 0).Select(stage => $"[{stage.Handler}]"));
}
