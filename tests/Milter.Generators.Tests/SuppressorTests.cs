using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Diagnostics;
using Milter.Generators.Tests.Infrastructure;

#pragma warning disable RS1036, RS1038, RS1041 // Only for these tests.

namespace Milter.Generators.Tests;

/// <summary>Warnings of other analyzers that our attributes cause are silenced, and no others.</summary>
public sealed class SuppressorTests
{
    [Fact]
    public async Task Handlers_are_used_and_their_parameters_are_wishes()
    {
        CompilationWithAnalyzersOptions options = new(new AnalyzerOptions([]), null, concurrentAnalysis: true, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: true);
        CompilationWithAnalyzers analyzed = GeneratorHarness.CompileGenerated(Usings.Global, """
            [Milter]
            partial class Filter : Base
            {
                [OnEom] private void Handler(MilterContext context) { }
                private void Helper(MilterContext context) { void Local(int x) { } Local(1); }
                protected override void Inherited(MilterContext context) { }
            }

            class Base { [OnMail] protected virtual void Inherited(MilterContext context) { } }
            """).WithAnalyzers([new Complaints(), new HandlerSuppressor()], options);

        ImmutableArray<Diagnostic> found = await analyzed.GetAnalyzerDiagnosticsAsync();

        Assert.Equal(
            ["CA1062 context", "CA1062 context", "CA1062 context", "CA1822 Handler", "CA1822 Inherited", "CA1822 Inherited", "IDE0051 Handler", "IDE0051 Inherited", "IDE0051 Inherited", "IDE0060 context", "IDE0060 context", "IDE0060 context"],
            found.Where(d => d.IsSuppressed).Select(Shown).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["CA1062 context", "CA1822 Helper", "IDE0051 Helper", "IDE0060 context"],
            found.Where(d => !d.IsSuppressed).Select(Shown).Order(StringComparer.Ordinal));
    }

    private static string Shown(Diagnostic diagnostic) => $"{diagnostic.Id} {diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan)}";

    /// <summary>Stands for the SDK's analyzers, which this compiler can't load: says all that they could.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class Complaints : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor[] s_rules = [.. new[] { "CA1822", "IDE0051", "IDE0060", "CA1062" }.Select(id => new DiagnosticDescriptor(id, id, id, "Test", DiagnosticSeverity.Warning, true))];

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [.. s_rules];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterSymbolAction(
                symbol =>
                {
                    if (symbol.Symbol is not IMethodSymbol { MethodKind: MethodKind.Ordinary } method)
                    {
                        return;
                    }

                    symbol.ReportDiagnostic(Diagnostic.Create(s_rules[0], method.Locations[0]));
                    symbol.ReportDiagnostic(Diagnostic.Create(s_rules[1], method.Locations[0]));
                    foreach (IParameterSymbol parameter in method.Parameters)
                    {
                        symbol.ReportDiagnostic(Diagnostic.Create(s_rules[2], parameter.Locations[0]));
                        symbol.ReportDiagnostic(Diagnostic.Create(s_rules[3], parameter.Locations[0]));
                    }
                },
                SymbolKind.Method);
        }
    }
}
