using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>What the parts of the parser share: the class at hand, and the list of complaints.</summary>
internal sealed class ParseContext
{
    private readonly ImmutableArray<Diagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();

    public ParseContext(INamedTypeSymbol milter, Compilation compilation, EquatableArray<BinderModel>? binders, CancellationToken ct)
    {
        Binders = binders;
        Milter = milter;
        Compilation = compilation;
        Cancellation = ct;
        Attribute = milter.Attribute(RuntimeNames.MilterAttribute);
    }

    public INamedTypeSymbol Milter { get; }

    public AttributeData? Attribute { get; }

    public Compilation Compilation { get; }

    /// <summary>Gets the binders, or <see langword="null"/> where they are looked up later.</summary>
    public EquatableArray<BinderModel>? Binders { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>Gets a value indicating whether something stands in the way of generated code.</summary>
    public bool Failed { get; private set; }

    public ImmutableArray<Diagnostic> Diagnostics => _diagnostics.ToImmutable();

    /// <summary>Gets the class's name where [Milter] stands.</summary>
    public Location Place => (Attribute?.ApplicationSyntaxReference?.GetSyntax(Cancellation).Parent?.Parent as TypeDeclarationSyntax)?.Identifier.GetLocation() ?? Milter.Locations[0];

    /// <summary>Gives up on code for a reason that the compiler reports by itself.</summary>
    public void Fail() => Failed = true;

    public void Report(DiagnosticDescriptor rule, Location? place, params object[] arguments)
    {
        Failed = true;

        // A method at two stages is looked at twice.
        var diagnostic = Diagnostic.Create(rule, place ?? Place, arguments);
        if (!_diagnostics.Contains(diagnostic))
        {
            _diagnostics.Add(diagnostic);
        }
    }

    /// <summary>Where a symbol stands, or the class's name where it comes from another assembly.</summary>
    public Location At(ISymbol symbol) => symbol.Locations.FirstOrDefault(location => location.IsInSource) ?? Place;

    public bool CanUse(ISymbol symbol) => Compilation.IsSymbolAccessibleWithin(symbol, Milter, symbol.IsStatic ? null : Milter);

    /// <summary>Lists the class and its base classes, most derived first, without <see cref="object"/>.</summary>
    public IEnumerable<INamedTypeSymbol> Lineage()
    {
        for (INamedTypeSymbol? type = Milter; type is { SpecialType: not SpecialType.System_Object }; type = type.BaseType)
        {
            yield return type;
        }
    }
}
