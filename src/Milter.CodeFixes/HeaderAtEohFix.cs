using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Milter.CodeFixes;

/// <summary>Moves a handler of one field to the end of the header, where the MTA waits once. Only where the method is simple: one field, its value, no task.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(HeaderAtEohFix))]
public sealed class HeaderAtEohFix : HandlerFix<AttributeSyntax>
{
    private protected override IReadOnlyList<string> Rules => ["MILTER131"];

    private protected override async Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, AttributeSyntax node, CancellationToken ct)
    {
        SemanticModel? model = await document.GetSemanticModelAsync(ct).ConfigureAwait(false);
        if (Syntax.Method(node) is not { } method
            || node.ArgumentList is not { Arguments: { Count: 1 } names }
            || method.ReturnType.ToString() is not ("Verdict" or "Milter.Verdict")
            || model?.GetDeclaredSymbol(method, ct) is not { } symbol
            || Handlers.Stages(symbol).Count() != 1
            || Value(symbol) is not { } value
            || method.ContainingHandlers(model, ct).Contains("OnEohAttribute"))
        {
            return null;
        }

        ParameterSyntax parameter = method.ParameterList.Parameters[symbol.Parameters.IndexOf(value)];
        return new Plan($"Take {names[0].ToString()} at [OnEoh]", root => root.ReplaceNode(method, Moved(method, node, parameter, names[0].ToString())));
    }

    /// <summary>The only parameter that is the field itself.</summary>
    private static IParameterSymbol? Value(IMethodSymbol method)
    {
        List<IParameterSymbol> texts = [.. method.Parameters.Where(parameter => parameter.GetAttributes().Length == 0 && parameter.Type.ToDisplayString() is "string" or "System.ReadOnlySpan<byte>" or "Milter.HeaderField")];
        return texts.Count == 1 && texts[0].Type.Name != "HeaderField" ? texts[0] : null;
    }

    private static MethodDeclarationSyntax Moved(MethodDeclarationSyntax method, AttributeSyntax stage, ParameterSyntax parameter, string name)
    {
        bool isText = parameter.Type is PredefinedTypeSyntax;
        string value = parameter.Identifier.Text;
        AttributeListSyntax header = Syntax.Attribute("Milter.HeaderAttribute", name).WithTrailingTrivia(SyntaxFactory.Space);
        ParameterSyntax taken = parameter.WithType(isText ? Syntax.OrNull(parameter.Type!) : parameter.Type).WithoutTrivia().AddAttributeLists(header).WithTriviaFrom(parameter);
        AttributeSyntax eoh = SyntaxFactory.Attribute(SyntaxFactory.ParseName("global::Milter.OnEohAttribute").WithAdditionalAnnotations(Microsoft.CodeAnalysis.Simplification.Simplifier.Annotation)).WithTriviaFrom(stage);
        MethodDeclarationSyntax moved = method.ReplaceNodes([(SyntaxNode)stage, parameter], (old, _) => old == stage ? eoh : taken);

        // Before, it was not called where the field was missing.
        string missing = isText ? $"{value} is null" : $"{value}.IsEmpty";
        if (moved.ExpressionBody is { } arrow)
        {
            ExpressionSyntax verdict = arrow.Expression is ConditionalExpressionSyntax ? SyntaxFactory.ParenthesizedExpression(arrow.Expression) : arrow.Expression;
            return moved.WithExpressionBody(arrow.WithExpression(
                SyntaxFactory.ConditionalExpression(SyntaxFactory.ParseExpression(missing + " "), Syntax.Expression("global::Milter.Verdict.Continue"), verdict).WithAdditionalAnnotations(Formatter.Annotation)));
        }

        StatementSyntax leave = SyntaxFactory.IfStatement(
            SyntaxFactory.ParseExpression(missing),
            SyntaxFactory.Block(SyntaxFactory.ReturnStatement(Syntax.Expression("global::Milter.Verdict.Continue")))).WithAdditionalAnnotations(Formatter.Annotation);
        return moved.WithBody(moved.Body!.WithStatements(moved.Body.Statements.Insert(0, leave)));
    }
}

/// <summary>Looks at the other handlers of a class.</summary>
file static class Neighbours
{
    public static IEnumerable<string> ContainingHandlers(this MethodDeclarationSyntax method, SemanticModel model, CancellationToken ct) =>
        model.GetDeclaredSymbol(method, ct)!.ContainingType.GetMembers().OfType<IMethodSymbol>().SelectMany(Handlers.Stages);
}
