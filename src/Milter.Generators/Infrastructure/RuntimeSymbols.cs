using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Milter.Generators.Model;

namespace Milter.Generators.Infrastructure;

/// <summary>The runtime's attributes as symbols, looked up once for each runtime that a compilation references and not by name at each method and parameter.</summary>
internal sealed class RuntimeSymbols
{
    // The symbol of a reference stays the same from one keystroke to the next.
    private static readonly ConditionalWeakTable<IAssemblySymbol, RuntimeSymbols> s_known = new();

    private readonly Dictionary<ISymbol, StageInfo> _stages = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, Marker> _markers = new(SymbolEqualityComparer.Default);

    private RuntimeSymbols(IAssemblySymbol runtime)
    {
        foreach (StageInfo stage in StageInfo.All)
        {
            if (runtime.GetTypeByMetadataName(stage.Attribute) is { } type)
            {
                _stages.Add(type, stage);
            }
        }

        foreach ((Marker marker, string name) in Markers.All)
        {
            if (runtime.GetTypeByMetadataName(name) is { } type)
            {
                _markers.Add(type, marker);
            }
        }
    }

    /// <summary>The stage that an attribute is of, if any.</summary>
    public static StageInfo? StageOf(AttributeData attribute) => Of(attribute) is { } known && known._stages.TryGetValue(attribute.AttributeClass!, out StageInfo? stage) ? stage : null;

    /// <summary>What an attribute says about a parameter, if anything.</summary>
    public static Marker MarkerOf(AttributeData attribute) => Of(attribute) is { } known && known._markers.TryGetValue(attribute.AttributeClass!, out Marker marker) ? marker : Marker.None;

    private static RuntimeSymbols? Of(AttributeData attribute) => attribute.AttributeClass?.ContainingAssembly is { Name: RuntimeNames.RuntimeAssembly } runtime
        ? s_known.GetValue(runtime, static assembly => new RuntimeSymbols(assembly))
        : null;
}
