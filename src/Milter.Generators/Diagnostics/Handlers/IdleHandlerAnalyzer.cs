using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports handlers that never run, and state that is never reset: their class is no [Milter] and none derives from it, or what is marked is not called by generated code.</summary>
/// <remarks>A warning: the code is right, only idle. Quiet in an abstract class, which waits for a [Milter] that may be in another assembly.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class IdleHandlerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.NeverRuns, Descriptors.NeverReset);

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

            var family = new Family(compilation);
            start.RegisterSymbolAction(symbol => Method(symbol, family), SymbolKind.Method);
            start.RegisterSymbolAction(symbol => State(symbol, family), SymbolKind.Field, SymbolKind.Property);
            start.RegisterSyntaxNodeAction(Function, SyntaxKind.LocalFunctionStatement, SyntaxKind.ParenthesizedLambdaExpression);
        });
    }

    private static void Method(SymbolAnalysisContext context, Family family)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (StageOf(method) is { } attribute && Why(method, family) is { } reason)
        {
            Location place = attribute.LocationOf(context.CancellationToken) ?? method.Locations[0];
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.NeverRuns, place, method.Name, reason));
        }
    }

    private static string? Why(IMethodSymbol method, Family family) => method switch
    {
        _ when !IsInFilter(method.ContainingType, family) => $"'{method.ContainingType.Name}' is not a [Milter], and no [Milter] derives from it",
        { IsPartialDefinition: true, PartialImplementationPart: null, ReturnsVoid: true } => "it has no body, so that the compiler leaves out its calls",
        _ when method.Has("System.Diagnostics.ConditionalAttribute") => "it is [Conditional], and generated code calls it only where that symbol is defined; ask in its body instead",
        _ => null,
    };

    private static void State(SymbolAnalysisContext context, Family family)
    {
        ISymbol member = context.Symbol;
        ISymbol marked = (ISymbol?)(member as IPropertySymbol)?.BackingField() ?? member;
        if ((marked.Attribute(RuntimeNames.PerMessageAttribute) ?? member.Attribute(RuntimeNames.PerMessageAttribute)) is { } attribute && member.ContainingType is { } type && !IsInFilter(type, family))
        {
            Location place = attribute.LocationOf(context.CancellationToken) ?? member.Locations[0];
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.NeverReset, place, member.Name, type.Name));
        }
    }

    /// <summary>Local functions and lambdas can have a stage attribute, and nobody reads it.</summary>
    private static void Function(SyntaxNodeAnalysisContext context)
    {
        ISymbol? function = context.Node.IsKind(SyntaxKind.LocalFunctionStatement)
            ? context.SemanticModel.GetDeclaredSymbol(context.Node, context.CancellationToken)
            : context.SemanticModel.GetSymbolInfo(context.Node, context.CancellationToken).Symbol;
        if (function is not null && StageOf(function) is { } attribute && attribute.LocationOf(context.CancellationToken) is { } place)
        {
            (string name, string kind) = context.Node.IsKind(SyntaxKind.LocalFunctionStatement) ? (function.Name, "a local function") : ("=>", "a lambda");
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.NeverRuns, place, name, $"it is {kind}, and handlers are methods of the class"));
        }
    }

    private static AttributeData? StageOf(ISymbol method) => method.GetAttributes().FirstOrDefault(a => a.AttributeClass?.DerivesFrom(RuntimeNames.StageAttribute) == true);

    private static bool IsInFilter(INamedTypeSymbol type, Family family) =>
        type is { TypeKind: TypeKind.Class, IsAbstract: true, IsStatic: false } || type.Has(RuntimeNames.MilterAttribute) || family.IsBaseOfMilter(type);
}
