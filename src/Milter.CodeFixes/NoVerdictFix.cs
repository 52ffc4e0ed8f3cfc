using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Milter.CodeFixes;

/// <summary>Returns nothing where no verdict can be given.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NoVerdictFix))]
public sealed class NoVerdictFix : HandlerFix<MethodDeclarationSyntax>
{
    private protected override IReadOnlyList<string> Rules => ["MILTER022"];

    private protected override Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, MethodDeclarationSyntax node, CancellationToken ct)
    {
        bool isAsync = node.Modifiers.Any(SyntaxKind.AsyncKeyword);
        bool isTask = node.ReturnType is not (IdentifierNameSyntax { Identifier.ValueText: "Verdict" } or QualifiedNameSyntax { Right.Identifier.ValueText: "Verdict" });

        // What a method that hands on a task does with it can't be told from here.
        return Task.FromResult<Plan?>(isTask && !isAsync ? null : new Plan("Return no verdict", root => root.ReplaceNode(node, Without(node, isTask))));
    }

    private static MethodDeclarationSyntax Without(MethodDeclarationSyntax method, bool isTask)
    {
        TypeSyntax type = !isTask
            ? SyntaxFactory.PredefinedType(SyntaxFactory.Token(SyntaxKind.VoidKeyword))
            : method.ReturnType switch
            {
                GenericNameSyntax task => SyntaxFactory.IdentifierName(task.Identifier),
                QualifiedNameSyntax { Right: GenericNameSyntax task } qualified => qualified.WithRight(SyntaxFactory.IdentifierName(task.Identifier)),
                var other => other,
            };
        MethodDeclarationSyntax bare = method
            .ReplaceNodes(Syntax.Returns(method), (_, inner) => inner.Expression is { } value && Effect(value) is { } effect
                ? SyntaxFactory.Block(effect, SyntaxFactory.ReturnStatement()).WithTriviaFrom(inner).WithAdditionalAnnotations(Formatter.Annotation)
                : inner.WithExpression(null).WithReturnKeyword(inner.ReturnKeyword.WithTrailingTrivia()));
        if (bare.ExpressionBody is { } arrow)
        {
            StatementSyntax[] statements = Effect(arrow.Expression) is { } effect ? [effect] : [];
            bare = bare.WithExpressionBody(null).WithSemicolonToken(default).WithBody(SyntaxFactory.Block(statements).WithAdditionalAnnotations(Formatter.Annotation));
        }
        else if (bare.Body is { } body && body.Statements.LastOrDefault() is ReturnStatementSyntax { Expression: null } last)
        {
            bare = bare.WithBody(body.RemoveNode(last, SyntaxRemoveOptions.KeepNoTrivia)!);
        }

        return bare.WithReturnType(type.WithTriviaFrom(method.ReturnType));
    }

    /// <summary>What is left of a value that nobody takes: a call as a statement, anything else that does something as a discard.</summary>
    private static ExpressionStatementSyntax? Effect(ExpressionSyntax value)
    {
        if (!value.DescendantNodesAndSelf(node => node is not AnonymousFunctionExpressionSyntax).Any(DoesSomething))
        {
            return null;
        }

        ExpressionSyntax bare = value.WithoutTrivia();
        bool isStatement = bare is AwaitExpressionSyntax or AssignmentExpressionSyntax || (bare is InvocationExpressionSyntax && DoesSomething(bare));
        return SyntaxFactory.ExpressionStatement(isStatement
            ? bare
            : SyntaxFactory.AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, SyntaxFactory.IdentifierName("_"), bare)).WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>A verdict's own calls do nothing.</summary>
    private static bool DoesSomething(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax call => !(call.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "Verdict" } or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Verdict" } or QualifiedNameSyntax }),
        AwaitExpressionSyntax or AssignmentExpressionSyntax or BaseObjectCreationExpressionSyntax => true,
        PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax => node.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression or SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression,
        _ => false,
    };
}
