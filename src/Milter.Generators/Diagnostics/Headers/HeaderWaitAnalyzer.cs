using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports handlers that decide on a few fields, for which the MTA has to wait at every one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HeaderWaitAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.WaitsAtEachHeader);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Check, SymbolKind.Method);
    }

    private static void Check(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (Names(method) is { Count: > 0 } names
            && HandlerSymbols.ReturnsVerdict(method)
            && !method.ContainingType.GetMembers().OfType<IMethodSymbol>().Any(other => Names(other) is { Count: 0 } && HandlerSymbols.ReturnsVerdict(other)))
        {
            AttributeData attribute = method.Attribute(RuntimeNames.OnHeader)!;
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.WaitsAtEachHeader, attribute.LocationOf(context.CancellationToken) ?? method.Locations[0], method.Name, string.Join(", ", names)));
        }
    }

    private static List<string>? Names(IMethodSymbol method) => method.Attribute(RuntimeNames.OnHeader) is not { } attribute
        ? null
        : attribute.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Array, IsNull: false } names
            ? [.. names.Values.Select(name => name.Value as string ?? "")]
            : [];
}
