using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Milter.Generators.Emit;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;
using Milter.Generators.Parsing;

namespace Milter.Generators;

/// <summary>Gives every [Milter] class its dispatcher and its descriptor. Silent: what is wrong with a class is said by the analyzers.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class MilterGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<MilterModel> milters = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                RuntimeNames.MilterAttribute,
                predicate: static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax,
                transform: static (target, ct) => Parse(target, ct))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.Milters);

        context.RegisterSourceOutput(milters, static (output, model) =>
            output.AddSource(model.HintName, MilterEmitter.Emit(model)));
    }

    private static MilterModel? Parse(GeneratorAttributeSyntaxContext target, CancellationToken ct)
    {
        // A class that has the attribute twice, which is an error, is still one class.
        if (target.TargetSymbol is not INamedTypeSymbol type
            || type.Attribute(RuntimeNames.MilterAttribute)?.ApplicationSyntaxReference is not { } first
            || first.SyntaxTree != target.TargetNode.SyntaxTree
            || !target.TargetNode.Span.Contains(first.Span))
        {
            return null;
        }

        return MilterParser.Parse(type, target.SemanticModel.Compilation, ct).Model;
    }
}
