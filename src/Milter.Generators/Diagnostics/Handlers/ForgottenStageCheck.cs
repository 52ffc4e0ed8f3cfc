using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports methods that look like handlers, down to their parameters, and have no stage attribute.</summary>
/// <remarks>One that something in the class calls is a helper. So may be one that others can call, unless a parameter has an attribute that only generated code reads.</remarks>
internal sealed class ForgottenStageCheck : FilterCheck
{
    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.ForgottenStage);

    public override void Check(FilterReport report)
    {
        FilterClass filter = report.Filter;
        foreach (IMethodSymbol method in filter.Lineage.SelectMany(type => type.GetMembers()).OfType<IMethodSymbol>())
        {
            if (report.IsOurs(method.ContainingType)
                && method is { MethodKind: MethodKind.Ordinary, IsOverride: false, IsAbstract: false, PartialDefinitionPart: null }
                && HandlerSymbols.StagesOf(method) == Stages.None
                && method.Locations.FirstOrDefault() is { IsInSource: true } place
                && (HandlerSymbols.ReturnsVerdict(method) || method.ReturnsVoid || HandlerSymbols.IsTaskLike(method.ReturnType))
                && !filter.Type.AllInterfaces.Any(type => type.GetMembers().Any(member => SymbolEqualityComparer.Default.Equals(filter.Type.FindImplementationForInterfaceMember(member), method)))
                && method.Parameters.FirstOrDefault(parameter => IsAHandlers(method, parameter)) is { } taken
                && !IsNamed(filter, method))
            {
                report.Report(Descriptors.ForgottenStage, place, method.Name, CSharpText.Short(taken.Type));
            }
        }
    }

    /// <summary>Says whether anything in the class says the method's name: a call, a delegate in a table, a <c>nameof</c>.</summary>
    private static bool IsNamed(FilterClass filter, IMethodSymbol method) => filter.Lineage
        .SelectMany(type => type.DeclaringSyntaxReferences)
        .SelectMany(reference => reference.GetSyntax(filter.Source.Cancellation).DescendantNodes())
        .Any(node => node is SimpleNameSyntax name && name.Identifier.ValueText == method.Name);

    private static bool IsAHandlers(IMethodSymbol method, IParameterSymbol parameter) =>
        Markers.All.Any(marker => parameter.Has(marker.Attribute))
        || parameter.Has(RuntimeNames.NeedsAttribute)
        || (method.DeclaredAccessibility == Accessibility.Private && ParameterInfo.All.Any(info => IsOfTheStage(info) && parameter.Type.Is(info.Type)));

    /// <summary>What an engine makes for a handler, as opposed to texts, spans and services that any method may take.</summary>
    private static bool IsOfTheStage(ParameterInfo info) => info.Marker == Marker.None && info.Type.StartsWith(RuntimeNames.Api + ".", StringComparison.Ordinal);
}
