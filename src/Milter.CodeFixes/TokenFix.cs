using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Milter.CodeFixes;

/// <summary>Takes a token and hands it on.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TokenFix))]
public sealed class TokenFix : HandlerFix<InvocationExpressionSyntax>
{
    private const string Name = "cancellationToken";

    private protected override IReadOnlyList<string> Rules => ["MILTER122"];

    private protected override async Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, InvocationExpressionSyntax node, CancellationToken ct)
    {
        SemanticModel? model = await document.GetSemanticModelAsync(ct).ConfigureAwait(false);
        if (Syntax.Method(node) is not { } method || method.ParameterList.Parameters.Any(parameter => parameter.Identifier.ValueText == Name))
        {
            return null;
        }

        // An optional token may stand behind other optional parameters, and is named then.
        bool isOptional = model?.GetSymbolInfo(node, ct).Symbol is IMethodSymbol called && called.Parameters.LastOrDefault(IsToken) is { } token
            && called.Parameters.IndexOf(token) != node.ArgumentList.Arguments.Count;
        string given = isOptional ? ((IMethodSymbol)model!.GetSymbolInfo(node, ct).Symbol!).Parameters.Last(IsToken).Name : "";
        ArgumentSyntax argument = SyntaxFactory.Argument(
            given.Length > 0 ? SyntaxFactory.NameColon(given).WithTrailingTrivia(SyntaxFactory.Space) : null,
            default,
            SyntaxFactory.IdentifierName(Name));
        ParameterSyntax parameter = SyntaxFactory.Parameter(SyntaxFactory.Identifier(Name)).WithType(Syntax.Type("System.Threading.CancellationToken").WithTrailingTrivia(SyntaxFactory.Space));
        return new Plan("Take a CancellationToken and hand it on", root => root.ReplaceNodes(
            new SyntaxNode[] { method.ParameterList, node.ArgumentList },
            (old, inner) => inner is ParameterListSyntax parameters
                ? parameters.WithParameters(Add(parameters.Parameters, parameter))
                : ((ArgumentListSyntax)inner).WithArguments(Add(((ArgumentListSyntax)inner).Arguments, argument))));
    }

    private static bool IsToken(IParameterSymbol parameter) => parameter.Type.ToDisplayString() == "System.Threading.CancellationToken";

    /// <summary>Adds at the end, before parameters with a default.</summary>
    private static SeparatedSyntaxList<T> Add<T>(SeparatedSyntaxList<T> list, T item)
        where T : SyntaxNode
    {
        int at = 0;
        while (at < list.Count && list[at] is not ParameterSyntax { Default: not null })
        {
            at++;
        }

        return list.Insert(at, at > 0 ? item.WithLeadingTrivia(SyntaxFactory.Space) : item);
    }
}
