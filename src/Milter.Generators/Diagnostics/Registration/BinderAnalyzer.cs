using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports binders that are announced and that no handler can ever get a value from.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BinderAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.UnusableBinder);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationAction(Check);
    }

    private static void Check(CompilationAnalysisContext context)
    {
        Dictionary<string, ITypeSymbol> seen = [];
        foreach (AttributeData attribute in context.Compilation.Assembly.GetAttributes())
        {
            if (attribute.AttributeClass is not { TypeArguments.Length: 2 } type || !type.Is(RuntimeNames.BinderAttribute))
            {
                continue;
            }

            ITypeSymbol value = type.TypeArguments[0], binder = type.TypeArguments[1];
            if (value.TypeKind == TypeKind.Error || binder.TypeKind == TypeKind.Error)
            {
                continue;
            }

            string key = CSharpText.Key(value);
            if (WhyUnusable(value, seen.TryGetValue(key, out ITypeSymbol? first) ? first : null) is { } why)
            {
                Location? location = attribute.ApplicationSyntaxReference is { } syntax ? Location.Create(syntax.SyntaxTree, syntax.Span) : null;
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.UnusableBinder, location, CSharpText.Short(binder), why));
            }
            else
            {
                seen[key] = binder;
            }
        }
    }

    private static string? WhyUnusable(ITypeSymbol value, ITypeSymbol? first) =>
        IsOfTheRuntime(value) ? $"'{CSharpText.Short(value)}' is a parameter that the runtime gives itself; bind a type of your own"
        : first is not null ? $"'{CSharpText.Short(first)}' makes a '{CSharpText.Short(value)}' already, and the first counts; remove one"
        : null;

    // What a parameter's type alone stands for. The generic ones are of bytes.
    private static bool IsOfTheRuntime(ITypeSymbol value) => ParameterInfo.All.Any(row =>
        row.Marker == Marker.None && row.Stages != Stages.None && value.Is(row.Type)
        && (value is not INamedTypeSymbol { TypeArguments.Length: 1 } generic || generic.TypeArguments[0].SpecialType == SpecialType.System_Byte));
}
