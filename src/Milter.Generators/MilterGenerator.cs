using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
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
        IncrementalValuesProvider<MilterModel> parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                RuntimeNames.MilterAttribute,
                predicate: static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax,
                transform: static (target, ct) => Parse(target, ct))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.Parsed);

        IncrementalValuesProvider<MilterModel> milters = parsed
            .Combine(Binders(context))
            .Select(static (pair, _) => BinderResolver.Resolve(pair.Left, pair.Right))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.Milters);

        IncrementalValueProvider<EquatableArray<string>> alike = milters
            .Select(static (model, _) => model.HintName)
            .Collect()
            .Select(static (names, _) => HintNames.Alike(names));

        context.RegisterSourceOutput(milters.Combine(alike), static (output, pair) =>
        {
            if (HintNames.File(pair.Left.HintName, pair.Right) is { } file)
            {
                output.AddSource(file, MilterEmitter.Emit(pair.Left));
            }
        });
    }

    /// <summary>The binders of this compilation, and of its references: those are read again only when a reference changes.</summary>
    private static IncrementalValueProvider<EquatableArray<BinderModel>> Binders(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<EquatableArray<BinderModel>> own = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                RuntimeNames.BinderAttribute,
                predicate: static (node, _) => node is CompilationUnitSyntax,
                transform: static (target, _) => target.Attributes.Select(BindersParser.Read).OfType<BinderModel>().ToEquatableArray())
            .Collect()
            .Select(static (files, _) => files.SelectMany(file => file).ToEquatableArray());

        IncrementalValueProvider<EquatableArray<BinderModel>> referenced = context.MetadataReferencesProvider
            .Collect()
            .Select(static (references, ct) => ReferencedBinders.Of(references, new Lazy<Compilation>(() => CSharpCompilation.Create("references", references: references)), ct).ToEquatableArray())
            .WithTrackingName(TrackingNames.ReferencedBinders);

        return own.Combine(referenced)
            .Select(static (pair, _) => pair.Left.Concat(pair.Right).ToEquatableArray())
            .WithTrackingName(TrackingNames.Binders);
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

        return MilterParser.Parse(type, target.SemanticModel.Compilation, binders: null, ct).Model;
    }
}
