using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Milter.Generators.Diagnostics;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>What the parts of the parser share: the class at hand, and the list of complaints.</summary>
internal sealed class ParseContext
{
    private readonly ImmutableArray<Diagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();

    private bool? _hasAliases;

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

    public void Report(DiagnosticDescriptor rule, Location? place, params object[] arguments) => Report(rule, place, null, arguments);

    /// <summary>As the other, with what a fix has to know.</summary>
    public void Report(DiagnosticDescriptor rule, Location? place, ImmutableDictionary<string, string?>? properties, params object[] arguments)
    {
        Failed = true;

        // A method at two stages is looked at twice.
        var diagnostic = Diagnostic.Create(rule, place ?? Place, properties, arguments);
        if (!_diagnostics.Contains(diagnostic))
        {
            _diagnostics.Add(diagnostic);
        }
    }

    /// <summary>Gets a value indicating whether some reference can't be named from <c>global::</c> on.</summary>
    public bool HasAliases => _hasAliases ??= Compilation.References.Any(IsAliased);

    /// <summary>Gets a value indicating whether generated code will name something that is obsolete as an error.</summary>
    public bool UsesObsolete { get; private set; }

    /// <summary>Says that generated code will name a symbol.</summary>
    public void Uses(ISymbol symbol) => UsesObsolete |= symbol.Attribute("System.ObsoleteAttribute") is { ConstructorArguments: { Length: 2 } arguments } && arguments[1].Value is true;

    /// <summary>Objects to a type that generated code can't name.</summary>
    public void CheckName(ITypeSymbol type, Location place)
    {
        if (!HasAliases)
        {
            return;
        }

        if (type is IArrayTypeSymbol array)
        {
            CheckName(array.ElementType, place);
            return;
        }

        foreach (ITypeSymbol argument in (type as INamedTypeSymbol)?.TypeArguments ?? ImmutableArray<ITypeSymbol>.Empty)
        {
            CheckName(argument, place);
        }

        if (type.ContainingAssembly is { } assembly)
        {
            CheckName(assembly, place);
        }
    }

    /// <summary>Objects to an assembly whose types generated code can't name.</summary>
    public void CheckName(IAssemblySymbol assembly, Location place)
    {
        if (Compilation.GetMetadataReference(assembly) is { } reference && IsAliased(reference))
        {
            Report(Descriptors.AliasedReference, place, assembly.Name, string.Join(",", reference.Properties.Aliases), Milter.Name);
        }
    }

    private static bool IsAliased(MetadataReference reference) => !reference.Properties.Aliases.IsEmpty && !reference.Properties.Aliases.Contains(MetadataReferenceProperties.GlobalAlias);

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
