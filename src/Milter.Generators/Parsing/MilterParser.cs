using Microsoft.CodeAnalysis;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Reads a [Milter] class once, for the generator (model) and the analyzer (diagnostics) alike.</summary>
internal static class MilterParser
{
    /// <param name="type">The class.</param>
    /// <param name="compilation">Its compilation.</param>
    /// <param name="binders">The binders; without them a parameter of an unknown type is left for <see cref="BinderResolver"/>.</param>
    /// <param name="ct">Gives it up.</param>
    public static ParseResult Parse(INamedTypeSymbol type, Compilation compilation, EquatableArray<BinderModel>? binders, CancellationToken ct)
    {
        var context = new ParseContext(type, compilation, binders, ct);
        if (!SurroundingsParser.Check(context))
        {
            return new ParseResult(null, context.Diagnostics);
        }

        ClassParser.Check(context);
        IEnumerable<ServiceModel> constructor = ConstructorParser.Parse(context);
        IEnumerable<HandlerModel> handlers = HandlersParser.Parse(context);
        IEnumerable<ResetModel> resets = PerMessageParser.Parse(context);
        if (context.Failed)
        {
            return new ParseResult(null, context.Diagnostics);
        }

        var model = new MilterModel(
            HintNames.Of(type),
            type.ContainingNamespace.IsGlobalNamespace ? "" : CSharpText.NamespaceOf(type),
            ClassParser.Containers(type).ToEquatableArray(),
            ClassParser.Header(type),
            CSharpText.Qualified(type),
            type.Name,
            MetadataName(type),
            context.Attribute?.Named(RuntimeNames.PreserveHeaderSpace, absent: false) == true,
            context.UsesObsolete,
            constructor.ToEquatableArray(),
            handlers.ToEquatableArray(),
            resets.ToEquatableArray());
        return new ParseResult(model, context.Diagnostics);
    }

    private static string MetadataName(INamedTypeSymbol type) => type switch
    {
        { ContainingType: { } outer } => $"{MetadataName(outer)}+{type.MetadataName}",
        { ContainingNamespace.IsGlobalNamespace: false } => $"{type.ContainingNamespace.ToDisplayString()}.{type.MetadataName}",
        _ => type.MetadataName,
    };
}
