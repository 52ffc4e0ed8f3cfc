using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Milter.CodeFixes;

/// <summary>Makes a class partial, so that generated code can be added to it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialFix))]
public sealed class MakePartialFix : HandlerFix<TypeDeclarationSyntax>
{
    private protected override IReadOnlyList<string> Rules => ["MILTER001"];

    private protected override Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, TypeDeclarationSyntax node, CancellationToken ct) => Task.FromResult<Plan?>(new Plan(
        $"Make '{node.Identifier.ValueText}' partial",
        root => root.ReplaceNode(node, Partial(node))));

    /// <summary>The word stands last, and takes what stood before the keyword where it is the only one.</summary>
    private static TypeDeclarationSyntax Partial(TypeDeclarationSyntax type)
    {
        SyntaxToken partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        return type.Modifiers.Count > 0
            ? type.WithModifiers(type.Modifiers.Add(partial))
            : type.WithModifiers(SyntaxFactory.TokenList(partial.WithLeadingTrivia(type.Keyword.LeadingTrivia))).WithKeyword(type.Keyword.WithLeadingTrivia());
    }
}
