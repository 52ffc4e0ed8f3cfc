using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Milter.Generators.Infrastructure;
using Milter.Generators.Parsing;

namespace Milter.CodeFixes;

/// <summary>Marks a member with [PerMessage], so that generated code resets it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PerMessageFix))]
public sealed class PerMessageFix : HandlerFix<SyntaxNode>
{
    private protected override IReadOnlyList<string> Rules => ["MILTER110", "MILTER111"];

    private protected override async Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, SyntaxNode node, CancellationToken ct)
    {
        SemanticModel? model = await document.GetSemanticModelAsync(ct).ConfigureAwait(false);
        ISymbol? member = node.DescendantNodesAndSelf()
            .OfType<IdentifierNameSyntax>()
            .Select(name => model?.GetSymbolInfo(name, ct).Symbol)
            .FirstOrDefault(symbol => symbol is IFieldSymbol or IPropertySymbol);
        if (member?.DeclaringSyntaxReferences.FirstOrDefault() is not { } reference || reference.SyntaxTree != node.SyntaxTree)
        {
            return null;
        }

        // One that can't be reset would only become an error (MILTER070), and the class would be no milter; one that is marked already was, a moment ago.
        if (member.Has(RuntimeNames.PerMessageAttribute) || !CanBeReset(member, model!.Compilation, ct))
        {
            return null;
        }

        MemberDeclarationSyntax? declaration = (await reference.GetSyntaxAsync(ct).ConfigureAwait(false)).FirstAncestorOrSelf<MemberDeclarationSyntax>();
        bool alone = declaration is PropertyDeclarationSyntax or FieldDeclarationSyntax { Declaration.Variables.Count: 1 };
        return alone ? new Plan($"Mark '{member.Name}' with [PerMessage]", root => root.ReplaceNode(declaration!, Marked(declaration!))) : null;
    }

    private static bool CanBeReset(ISymbol member, Compilation compilation, CancellationToken ct) =>
        PerMessageMember.Read(new ParseContext(member.ContainingType, compilation, binders: null, ct), member) is { } state && state.Plan(out _) is null;

    private static MemberDeclarationSyntax Marked(MemberDeclarationSyntax declaration)
    {
        SyntaxTriviaList before = declaration.GetLeadingTrivia();
        AttributeListSyntax mark = Syntax.Attribute("Milter.PerMessageAttribute").WithLeadingTrivia(before).WithTrailingTrivia(SyntaxFactory.Space);
        MemberDeclarationSyntax bare = declaration.WithLeadingTrivia();
        return bare.WithAttributeLists(bare.AttributeLists.Insert(0, mark));
    }
}
