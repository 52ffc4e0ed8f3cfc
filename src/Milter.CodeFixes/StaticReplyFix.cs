using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Milter.CodeFixes;

/// <summary>Keeps a constant reply in a static field.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StaticReplyFix))]
public sealed class StaticReplyFix : HandlerFix<InvocationExpressionSyntax>
{
    private protected override IReadOnlyList<string> Rules => ["MILTER088"];

    private protected override Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, InvocationExpressionSyntax node, CancellationToken ct)
    {
        if (node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type || Syntax.Method(node) is not { } method || method.Parent != type)
        {
            return Task.FromResult<Plan?>(null);
        }

        string name = NameIn(type, node);
        FieldDeclarationSyntax field = SyntaxFactory.FieldDeclaration(
                SyntaxFactory.VariableDeclaration(Syntax.Type("Milter.Verdict"))
                    .AddVariables(SyntaxFactory.VariableDeclarator(name).WithInitializer(SyntaxFactory.EqualsValueClause(node.WithoutTrivia()))))
            .AddModifiers(SyntaxFactory.Token(SyntaxKind.PrivateKeyword), SyntaxFactory.Token(SyntaxKind.StaticKeyword), SyntaxFactory.Token(SyntaxKind.ReadOnlyKeyword))
            .WithAdditionalAnnotations(Formatter.Annotation)
            .WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed);
        return Task.FromResult<Plan?>(new Plan($"Keep the reply in '{name}'", root =>
        {
            TypeDeclarationSyntax changed = type.ReplaceNode(node, SyntaxFactory.IdentifierName(name).WithTriviaFrom(node));
            return root.ReplaceNode(type, changed.WithMembers(changed.Members.Insert(0, field)));
        }));
    }

    /// <summary>A name that says the code: <c>s_reject550</c>, with a number where that is taken.</summary>
    private static string NameIn(TypeDeclarationSyntax type, InvocationExpressionSyntax call)
    {
        string kind = call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "TempFail" } or IdentifierNameSyntax { Identifier.ValueText: "TempFail" } ? "tempFail" : "reject";
        string code = call.ArgumentList.Arguments.FirstOrDefault()?.Expression is LiteralExpressionSyntax literal ? literal.Token.ValueText : "";
        HashSet<string> taken = [.. type.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText)];
        string name = $"s_{kind}{code}";
        for (int i = 2; taken.Contains(name); i++)
        {
            name = $"s_{kind}{code}_{i}";
        }

        return name;
    }
}
