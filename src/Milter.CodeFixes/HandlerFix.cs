using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Milter.CodeFixes;

/// <summary>What the fixes share: one kind of change, for one or more rules, at one node.</summary>
/// <typeparam name="TNode">The node that is changed.</typeparam>
public abstract class HandlerFix<TNode> : CodeFixProvider
    where TNode : SyntaxNode
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds => ImmutableArray.CreateRange(Rules);

    private protected abstract IReadOnlyList<string> Rules { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(FixAllAsync);

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<TNode>() is not { } node
                || await PlanAsync(context.Document, diagnostic, node, context.CancellationToken).ConfigureAwait(false) is not { } plan)
            {
                continue;
            }

            context.RegisterCodeFix(
                CodeAction.Create(plan.Title, ct => Task.FromResult(context.Document.WithSyntaxRoot(plan.Change(root))), equivalenceKey: GetType().Name),
                diagnostic);
        }
    }

    /// <summary>One after another, each in what the one before has left: what is inserted at one place, or named alike, would collide in a merge.</summary>
    private async Task<Document?> FixAllAsync(FixAllContext context, Document document, ImmutableArray<Diagnostic> diagnostics)
    {
        if (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root)
        {
            return document;
        }

        List<(Diagnostic Diagnostic, TNode Node, SyntaxAnnotation Mark)> left = [];
        foreach (Diagnostic diagnostic in diagnostics.OrderBy(found => found.Location.SourceSpan.Start))
        {
            if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<TNode>() is { } node)
            {
                left.Add((diagnostic, node, new SyntaxAnnotation()));
            }
        }

        document = document.WithSyntaxRoot(root.ReplaceNodes(
            left.Select(item => item.Node).Distinct(),
            (old, inner) => inner.WithAdditionalAnnotations(left.Where(item => item.Node == old).Select(item => item.Mark))));
        foreach ((Diagnostic diagnostic, _, SyntaxAnnotation mark) in left)
        {
            root = await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
            if (root!.GetAnnotatedNodes(mark).OfType<TNode>().FirstOrDefault() is { } node
                && await PlanAsync(document, diagnostic, node, context.CancellationToken).ConfigureAwait(false) is { } plan)
            {
                document = document.WithSyntaxRoot(plan.Change(root));
            }
        }

        return document;
    }

    /// <summary>Says what to do, or <see langword="null"/> where there is no right answer.</summary>
    private protected abstract Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, TNode node, CancellationToken ct);

    /// <summary>A change of one file.</summary>
    private protected sealed record Plan(string Title, Func<SyntaxNode, SyntaxNode> Change);
}
