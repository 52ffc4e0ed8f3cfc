using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;
using Milter.Generators.Parsing;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports everything <see cref="MilterParser"/> objects to; the generator itself stays silent.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MilterAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Descriptors.Parser.Add(Descriptors.NoHandlers);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            Compilation compilation = start.Compilation;
            CancellationToken ct = start.CancellationToken;
            // By its name, because a type is not found where the reference has only aliases, and that has to be said.
            if (!compilation.ReferencedAssemblyNames.Any(assembly => assembly.Name == RuntimeNames.RuntimeAssembly))
            {
                return;
            }

            var binders = new Lazy<EquatableArray<BinderModel>>(() => BindersParser.Of(compilation, ct));
            start.RegisterSymbolAction(symbol => Check(symbol, binders), SymbolKind.NamedType);
        });
    }

    private static void Check(SymbolAnalysisContext context, Lazy<EquatableArray<BinderModel>> binders)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!type.Has(RuntimeNames.MilterAttribute))
        {
            return;
        }

        ParseResult result = MilterParser.Parse(type, context.Compilation, binders.Value, context.CancellationToken);
        foreach (Diagnostic diagnostic in result.Diagnostics)
        {
            context.ReportDiagnostic(diagnostic);
        }

        // Code that is right otherwise: a filter that is still being written has other things to be told first.
        if (result.Model is { Handlers.Count: 0 })
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.NoHandlers, type.Locations[0], type.Name));
        }
    }
}
