using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Milter.CodeFixes;

/// <summary>Takes the client from CONNECT instead of a macro that has to be asked for; a text of it stays a text.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ConnectInfoFix))]
public sealed class ConnectInfoFix : HandlerFix<ParameterSyntax>
{
    private protected override IReadOnlyList<string> Rules => ["MILTER103"];

    private protected override async Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, ParameterSyntax node, CancellationToken ct)
    {
        SemanticModel? model = await document.GetSemanticModelAsync(ct).ConfigureAwait(false);
        MethodDeclarationSyntax? method = Syntax.Method(node);
        if (model?.GetDeclaredSymbol(node, ct) is not { Type.SpecialType: SpecialType.System_String } parameter
            || method is null
            || node.AttributeLists.Count != 1
            || !diagnostic.Properties.TryGetValue("Member", out string? member))
        {
            return null;
        }

        List<IdentifierNameSyntax> uses = [.. method.DescendantNodes()
            .OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == parameter.Name && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, ct).Symbol, parameter))];
        if (uses.Any(IsWritten))
        {
            return null;
        }

        // nameof(…) names the parameter, which keeps its name.
        uses.RemoveAll(IsOnlyNamed);
        string value = $"{node.Identifier.Text}?.{member}" + (parameter.NullableAnnotation == NullableAnnotation.NotAnnotated ? " ?? \"\"" : "");
        return new Plan("Take ConnectInfo", root => root.ReplaceNode(method, Changed(method, node, uses, value)));
    }

    private static bool IsOnlyNamed(IdentifierNameSyntax use) => use.Ancestors().OfType<InvocationExpressionSyntax>().Any(call => call.Expression is IdentifierNameSyntax { Identifier.ValueText: "nameof" });

    private static bool IsWritten(IdentifierNameSyntax use) => use.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == use,
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
        RefExpressionSyntax => true,
        _ => false,
    };

    private static MethodDeclarationSyntax Changed(MethodDeclarationSyntax method, ParameterSyntax parameter, List<IdentifierNameSyntax> uses, string value)
    {
        ParameterSyntax taken = SyntaxFactory.Parameter(parameter.Identifier)
            .WithType(Syntax.OrNull(Syntax.Type("Milter.ConnectInfo")).WithTrailingTrivia(SyntaxFactory.Space))
            .WithLeadingTrivia(parameter.GetLeadingTrivia());
        return method.ReplaceNodes(uses.Cast<SyntaxNode>().Append(parameter), (old, _) => old == parameter
            ? taken
            : SyntaxFactory.ParenthesizedExpression(Syntax.Expression(value)).WithTriviaFrom(old).WithAdditionalAnnotations(Microsoft.CodeAnalysis.Simplification.Simplifier.Annotation));
    }
}
