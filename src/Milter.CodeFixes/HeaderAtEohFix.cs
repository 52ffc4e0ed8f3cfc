using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Milter.CodeFixes;

/// <summary>
/// Moves a handler of one field to the end of the header, where the MTA waits once: there all fields of that name are handed to what was the handler, one after another.
/// Only where the method is simple: one field, its value, no task.
/// </summary>
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
            || symbol is { IsVirtual: true } or { IsOverride: true } or { IsAbstract: true } or { IsPartialDefinition: true } or { PartialDefinitionPart: not null }
            || Value(symbol) is not { } value
            || method.ContainingHandlers(model, ct).Contains("OnEohAttribute"))
        {
            return null;
        }

        ParameterSyntax parameter = method.ParameterList.Parameters[symbol.Parameters.IndexOf(value)];
        string name = parameter.Identifier.ValueText + "s";
        if (method.ParameterList.Parameters.Any(other => other.Identifier.ValueText == name) || method.Parent is not TypeDeclarationSyntax)
        {
            return null;
        }

        return new Plan($"Take all fields {names[0].ToString()} at [OnEoh]", root => root.ReplaceNode(method, Moved(method, node, parameter, names[0].ToString(), name)));
    }

    /// <summary>The only parameter that is the field itself.</summary>
    private static IParameterSymbol? Value(IMethodSymbol method)
    {
        List<IParameterSymbol> texts = [.. method.Parameters.Where(parameter => parameter.GetAttributes().Length == 0 && parameter.Type.ToDisplayString() is "string" or "System.ReadOnlySpan<byte>" or "Milter.HeaderField")];
        return texts.Count == 1 && texts[0].Type.Name != "HeaderField" ? texts[0] : null;
    }

    private static IEnumerable<SyntaxNode> Moved(MethodDeclarationSyntax method, AttributeSyntax stage, ParameterSyntax parameter, string header, string values)
    {
        AttributeListSyntax all = Syntax.Attribute("Milter.HeaderAttribute", header).WithTrailingTrivia(SyntaxFactory.Space);
        ParameterSyntax taken = SyntaxFactory.Parameter(SyntaxFactory.Identifier(values))
            .WithType(Syntax.Type("Milter.HeaderValues").WithTrailingTrivia(SyntaxFactory.Space))
            .AddAttributeLists(all)
            .WithTriviaFrom(parameter);
        AttributeSyntax eoh = SyntaxFactory.Attribute(SyntaxFactory.ParseName("global::Milter.OnEohAttribute").WithAdditionalAnnotations(Simplifier.Annotation)).WithTriviaFrom(stage);
        MethodDeclarationSyntax handler = method.ReplaceNodes([(SyntaxNode)stage, parameter], (old, _) => old == stage ? eoh : taken);

        bool isText = parameter.Type is PredefinedTypeSyntax;
        string arguments = string.Join(", ", method.ParameterList.Parameters.Select(each => each == parameter && !isText ? $"{values}.GetBytes(i)" : each.Identifier.Text));
        string loop = isText ? $"foreach (string {parameter.Identifier.Text} in {values})" : $"for (int i = 0; i < {values}.Count; i++)";
        StatementSyntax each = SyntaxFactory.ParseStatement($$"""
            {{loop}}
            {
            if ({{method.Identifier.Text}}({{arguments}}) is { IsContinue: false } verdict)
            {
            return verdict;
            }
            }

            """);
        yield return handler
            .WithExpressionBody(null)
            .WithSemicolonToken(default)
            .WithBody(SyntaxFactory.Block(each, SyntaxFactory.ReturnStatement(Syntax.Expression("global::Milter.Verdict.Continue").WithLeadingTrivia(SyntaxFactory.Space))))
            .WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed, SyntaxFactory.ElasticCarriageReturnLineFeed)
            .WithAdditionalAnnotations(Formatter.Annotation);

        // What judged one field goes on to do so, and is no handler any more.
        yield return method
            .WithAttributeLists(default)
            .WithParameterList(method.ParameterList.ReplaceNodes(method.ParameterList.Parameters, (_, inner) => inner.WithAttributeLists(default).WithLeadingTrivia(inner.GetLeadingTrivia())))
            .WithLeadingTrivia(method.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)))
            .WithAdditionalAnnotations(Formatter.Annotation);
    }
}

/// <summary>Looks at the other handlers of a class.</summary>
file static class Neighbours
{
    public static IEnumerable<string> ContainingHandlers(this MethodDeclarationSyntax method, SemanticModel model, CancellationToken ct) =>
        model.GetDeclaredSymbol(method, ct)!.ContainingType.GetMembers().OfType<IMethodSymbol>().SelectMany(Handlers.Stages);
}
