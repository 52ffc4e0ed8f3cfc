using Microsoft.CodeAnalysis;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Reads a [Milter] class once, for the generator (model) and the analyzer (diagnostics) alike.</summary>
internal static class MilterParser
{
    public static ParseResult Parse(INamedTypeSymbol type, Compilation compilation, CancellationToken ct)
    {
        var context = new ParseContext(type, compilation, ct);
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
            context.Attribute?.Named(RuntimeNames.PreserveHeaderSpace, absent: false) == true,
            constructor.ToEquatableArray(),
            handlers.ToEquatableArray(),
            resets.ToEquatableArray());
        return new ParseResult(model, context.Diagnostics);
    }
}
