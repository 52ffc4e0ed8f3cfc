using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics.Flow;

/// <summary>Makes one model of each filter (<see cref="FilterClass"/>) and has every rule about what its handlers do look at that.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FilterAnalyzer : DiagnosticAnalyzer
{
    private static readonly ImmutableArray<FilterCheck> s_checks = ImmutableArray.Create<FilterCheck>(
        new ForgottenStageCheck(),
        new StateCheck(),
        new VerdictCheck(),
        new OverwrittenCheck(),
        new RepeatedTextCheck(),
        new ShownValuesCheck(),
        new WaitCheck(),
        new KeptCheck(),
        new TokenCheck(),
        new HeaderTextCheck(),
        new DelayCheck(),
        new EndOfMessageCheck(),
        new EmptyJudgementCheck(),
        new EarlyFactsCheck());

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.CreateRange(s_checks.SelectMany(check => check.Rules).Distinct());

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            Compilation compilation = start.Compilation;
            if (compilation.GetTypeByMetadataName(RuntimeNames.StageAttribute) is not null)
            {
                var family = new Family(compilation);
                start.RegisterSymbolStartAction(symbol => Gather(symbol, family), SymbolKind.NamedType);
            }
        });
    }

    private static void Gather(SymbolStartAnalysisContext context, Family family)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!family.IsFilter(type))
        {
            return;
        }

        // The members of types nested in it come by here as well.
        var bound = new ConcurrentDictionary<ISymbol, ImmutableArray<IOperation>>(SymbolEqualityComparer.Default);
        context.RegisterOperationBlockAction(block =>
        {
            if (block.OwningSymbol is IMethodSymbol method && SymbolEqualityComparer.Default.Equals(method.ContainingType, type))
            {
                bound[method] = block.OperationBlocks;
            }
        });
        context.RegisterSymbolEndAction(end =>
        {
            var filter = FilterClass.Of(type, new BodySource(end.Compilation, bound, end.CancellationToken));
            var report = new FilterReport(filter, declaring => family.IsReportedWith(declaring, type), end.ReportDiagnostic);
            foreach (FilterCheck check in s_checks)
            {
                end.CancellationToken.ThrowIfCancellationRequested();
                check.Check(report);
            }
        });
    }
}
