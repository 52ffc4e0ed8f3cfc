using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Milter.CodeFixes;

/// <summary>Gives an enhanced code the class of its reply.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EnhancedCodeFix))]
public sealed class EnhancedCodeFix : HandlerFix<LiteralExpressionSyntax>
{
    private protected override IReadOnlyList<string> Rules => ["MILTER084"];

    private protected override Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, LiteralExpressionSyntax node, CancellationToken ct) => Task.FromResult(
        diagnostic.Properties.TryGetValue("Mended", out string? mended) && mended is { Length: > 0 }
            ? new Plan($"Use \"{mended}\"", root => root.ReplaceNode(node, SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(mended)).WithTriviaFrom(node)))
            : null);
}
