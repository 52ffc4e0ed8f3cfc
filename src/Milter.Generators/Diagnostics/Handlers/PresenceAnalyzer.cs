using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;
using Milter.Generators.Parsing;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports parameters for what may be missing that are written without <c>?</c>, so that nobody sees the difference between empty and missing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PresenceAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.MaybeMissing);

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
        if (method.Parameters.Length == 0 || HandlerSymbols.StagesOf(method) is not (var stages and not Stages.None))
        {
            return;
        }

        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter is { RefKind: RefKind.None, Type: { IsReferenceType: true, NullableAnnotation: NullableAnnotation.NotAnnotated }, HasExplicitDefaultValue: false }
                && What(parameter, stages) is { } what
                && parameter.Locations.FirstOrDefault() is { } place)
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.MaybeMissing, place, parameter.Name, what, CSharpText.Short(parameter.Type)));
            }
        }
    }

    private static string? What(IParameterSymbol parameter, Stages stages)
    {
        if (parameter.Type.Is("Milter.ConnectInfo"))
        {
            return (stages & ~Stages.Connect) != 0 ? "the MTA sent no CONNECT" : null;
        }

        if (parameter.Type.SpecialType != SpecialType.System_String)
        {
            return null;
        }

        return MarkerReader.Of(parameter).Select(found => found.Marker).FirstOrDefault() switch
        {
            Marker.Header => "the message has no such field",
            Marker.Macro => "the MTA has not sent the macro",
            Marker.Helo when (stages & ~Stages.Helo) != 0 => "there was no HELO",
            _ => null,
        };
    }
}
