using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Infrastructure;
using Milter.Generators.Parsing;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports everything <see cref="MilterParser"/> objects to; the generator itself stays silent.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MilterAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.Parser;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(
            static symbol =>
            {
                var type = (INamedTypeSymbol)symbol.Symbol;
                if (!type.Has(RuntimeNames.MilterAttribute))
                {
                    return;
                }

                foreach (Diagnostic diagnostic in MilterParser.Parse(type, symbol.Compilation, symbol.CancellationToken).Diagnostics)
                {
                    symbol.ReportDiagnostic(diagnostic);
                }
            },
            SymbolKind.NamedType);
    }
}
