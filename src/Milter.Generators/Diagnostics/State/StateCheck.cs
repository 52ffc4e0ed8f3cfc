using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports what a handler leaves behind for the next message of the session, or for other sessions.</summary>
/// <remarks>By type and not by method, because a member that is reset by hand at the message's end is all right.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StateAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(Descriptors.UnmarkedState, Descriptors.UnmarkedCollection, Descriptors.CapturedState, Descriptors.StaticState);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(RuntimeNames.StageAttribute) is not null)
            {
                start.RegisterSymbolStartAction(Look, SymbolKind.NamedType);
            }
        });
    }

    private static void Look(SymbolStartAnalysisContext context)
    {
        if (!((INamedTypeSymbol)context.Symbol).GetMembers().Any(member => HandlerSymbols.StagesOf(member) != Stages.None))
        {
            return;
        }

        var state = new StateChanges();
        context.RegisterOperationBlockAction(block =>
        {
            if (HandlerSymbols.StagesOf(block.OwningSymbol) is var stages and not Stages.None)
            {
                state.Look(block, stages);
            }
        });
        context.RegisterSymbolEndAction(end =>
        {
            foreach (Diagnostic diagnostic in state.Complaints())
            {
                end.ReportDiagnostic(diagnostic);
            }
        });
    }
}
