using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports milters that a program never runs, and classes that it runs though they are none.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RegistrationAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.NeverRegistered, Descriptors.NoMilter);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(RuntimeNames.MilterAttribute) is null)
            {
                return;
            }

            var named = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
            bool isProgram = start.Compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication;
            start.RegisterSyntaxNodeAction(node => Look(node, isProgram, named), SyntaxKind.GenericName);
            if (!isProgram)
            {
                return;
            }

            var milters = new ConcurrentBag<INamedTypeSymbol>();
            start.RegisterSymbolAction(
                symbol =>
                {
                    if (symbol.Symbol.Has(RuntimeNames.MilterAttribute))
                    {
                        milters.Add((INamedTypeSymbol)symbol.Symbol);
                    }
                },
                SymbolKind.NamedType);
            start.RegisterCompilationEndAction(end =>
            {
                foreach (INamedTypeSymbol milter in milters.Where(milter => !named.ContainsKey(milter)))
                {
                    end.ReportDiagnostic(Diagnostic.Create(Descriptors.NeverRegistered, milter.Locations[0], milter.Name));
                }
            });
        });
    }

    /// <summary>Any generic use of a milter counts as running it: a helper of the program's own may hand it on.</summary>
    private static void Look(SyntaxNodeAnalysisContext context, bool isProgram, ConcurrentDictionary<ISymbol, bool> named)
    {
        var generic = (GenericNameSyntax)context.Node;
        bool registers = generic.Identifier.ValueText is "AddMilter" or "RunAsync" or "StartAsync" or "Of";
        if (!registers && !isProgram)
        {
            return;
        }

        foreach (TypeSyntax argument in generic.TypeArgumentList.Arguments)
        {
            if (context.SemanticModel.GetTypeInfo(argument, context.CancellationToken).Type is not INamedTypeSymbol { TypeKind: not TypeKind.Error } type)
            {
                continue;
            }

            if (type.Has(RuntimeNames.MilterAttribute))
            {
                named.TryAdd(type, true);
            }
            else if (registers && IsRegistration(context, generic) && !IsMilter(type))
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.NoMilter, argument.GetLocation(), type.Name, Advice(type)));
            }
        }
    }

    /// <summary>Says whether a class is run as itself: one that derives from a [Milter] would be run as that, and its own handlers never.</summary>
    private static bool IsMilter(INamedTypeSymbol type) => type.AllInterfaces.Any(implemented =>
        implemented.OriginalDefinition.Is(RuntimeNames.Milter) && SymbolEqualityComparer.Default.Equals(implemented.TypeArguments[0], type));

    private static string Advice(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? above = type.BaseType; above is not null; above = above.BaseType)
        {
            if (above.Has(RuntimeNames.MilterAttribute))
            {
                return $"it derives from the [Milter] '{above.Name}', whose generated code knows nothing of it; run '{above.Name}', or take [Milter] from there and mark '{type.Name}'";
            }
        }

        return type.TypeKind == TypeKind.Class ? "mark it with [Milter] and make it partial" : "only a class can be one";
    }

    private static bool IsRegistration(SyntaxNodeAnalysisContext context, GenericNameSyntax generic)
    {
        SymbolInfo info = context.SemanticModel.GetSymbolInfo(generic, context.CancellationToken);
        return (info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is IMethodSymbol { ContainingType: { } type }
            && (type.Is(RuntimeNames.Server) || type.Is(RuntimeNames.Descriptor) || type.Is(RuntimeNames.ServiceExtensions));
    }
}
