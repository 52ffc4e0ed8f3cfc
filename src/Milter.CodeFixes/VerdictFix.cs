using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Milter.CodeFixes;

/// <summary>Lets a handler return the verdict that its body returns already: <c>void</c> becomes <c>Verdict</c>, <c>Task</c> becomes <c>Task&lt;Verdict&gt;</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(VerdictFix))]
public sealed class VerdictFix : HandlerFix<MethodDeclarationSyntax>
{
    private protected override IReadOnlyList<string> Rules => ["CS0127", "CS1997", "CS0201"];

    private protected override async Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, MethodDeclarationSyntax node, CancellationToken ct)
    {
        SemanticModel? model = await document.GetSemanticModelAsync(ct).ConfigureAwait(false);
        if (model?.GetDeclaredSymbol(node, ct) is not { } method || !Handlers.CanReply(method))
        {
            return null;
        }

        IEnumerable<ExpressionSyntax?> values = Syntax.Returns(node).Select(statement => statement.Expression).Concat([node.ExpressionBody?.Expression]);
        return values.Any(value => value is not null && model.GetTypeInfo(value, ct).Type?.ToDisplayString() == "Milter.Verdict")
            ? new Plan("Return a verdict", root => root.ReplaceNode(node, With(node)))
            : null;
    }

    private static MethodDeclarationSyntax With(MethodDeclarationSyntax method)
    {
        TypeSyntax verdict = Syntax.Type("Milter.Verdict");
        TypeSyntax type = method.ReturnType switch
        {
            SimpleNameSyntax task => Generic(task, verdict),
            QualifiedNameSyntax qualified => qualified.WithRight(Generic(qualified.Right, verdict)),
            _ => verdict,
        };
        MethodDeclarationSyntax with = method.ReplaceNodes(
            Syntax.Returns(method).Where(statement => statement.Expression is null),
            (_, inner) => inner.WithReturnKeyword(inner.ReturnKeyword.WithTrailingTrivia(SyntaxFactory.Space)).WithExpression(Syntax.Expression("global::Milter.Verdict.Continue")));
        if (with.Body is { } body && body.Statements.LastOrDefault() is not (ReturnStatementSyntax or ThrowStatementSyntax))
        {
            with = with.WithBody(body.AddStatements(SyntaxFactory.ReturnStatement(Syntax.Expression("global::Milter.Verdict.Continue")).WithAdditionalAnnotations(Formatter.Annotation)));
        }

        return with.WithReturnType(type.In(method.ReturnType));
    }

    private static GenericNameSyntax Generic(SimpleNameSyntax task, TypeSyntax verdict) =>
        SyntaxFactory.GenericName(task.Identifier.WithTrailingTrivia(), SyntaxFactory.TypeArgumentList(SyntaxFactory.SingletonSeparatedList(verdict)));
}
