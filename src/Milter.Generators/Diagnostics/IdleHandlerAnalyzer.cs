using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports handlers that never run, because their class is no [Milter] and none derives from it.</summary>
/// <remarks>A warning: the code is right, only idle. Quiet in an abstract class, which waits for a [Milter] that may be in another assembly.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class IdleHandlerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.NeverRuns);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            Compilation compilation = start.Compilation;
            if (compilation.GetTypeByMetadataName(RuntimeNames.StageAttribute) is null)
            {
                return;
            }

            // Only asked where a handler stands outside a [Milter]: most compilations never walk their types.
            var bases = new Lazy<ImmutableHashSet<INamedTypeSymbol>>(() => BasesOfMilters(compilation.Assembly.GlobalNamespace));
            start.RegisterSymbolAction(symbol => Check(symbol, bases), SymbolKind.Method);
        });
    }

    private static void Check(SymbolAnalysisContext context, Lazy<ImmutableHashSet<INamedTypeSymbol>> bases)
    {
        ISymbol method = context.Symbol;
        INamedTypeSymbol type = method.ContainingType;
        bool waits = type is { TypeKind: TypeKind.Class, IsAbstract: true, IsStatic: false };
        if (waits
            || type.Has(RuntimeNames.MilterAttribute)
            || method.GetAttributes().FirstOrDefault(a => a.AttributeClass?.DerivesFrom(RuntimeNames.StageAttribute) == true) is not { } attribute
            || bases.Value.Contains(type.OriginalDefinition))
        {
            return;
        }

        Location place = attribute.LocationOf(context.CancellationToken) ?? method.Locations[0];
        context.ReportDiagnostic(Diagnostic.Create(Descriptors.NeverRuns, place, method.Name, type.Name));
    }

    private static ImmutableHashSet<INamedTypeSymbol> BasesOfMilters(INamespaceSymbol root)
    {
        ImmutableHashSet<INamedTypeSymbol>.Builder bases = ImmutableHashSet.CreateBuilder<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        var left = new Stack<INamespaceOrTypeSymbol>();
        left.Push(root);
        while (left.Count > 0)
        {
            INamespaceOrTypeSymbol at = left.Pop();
            foreach (INamespaceOrTypeSymbol member in at.GetMembers().OfType<INamespaceOrTypeSymbol>())
            {
                left.Push(member);
            }

            if (at is not INamedTypeSymbol milter || !milter.Has(RuntimeNames.MilterAttribute))
            {
                continue;
            }

            for (INamedTypeSymbol? above = milter.BaseType; above is not null; above = above.BaseType)
            {
                bases.Add(above.OriginalDefinition);
            }
        }

        return bases.ToImmutable();
    }
}
