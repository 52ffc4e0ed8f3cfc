using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Milter.CodeFixes;

/// <summary>Has a reply of one line take any text, by <c>RejectCleaned</c> and <c>TempFailCleaned</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CleanedReplyFix))]
public sealed class CleanedReplyFix : HandlerFix<ExpressionSyntax>
{
    private protected override IReadOnlyList<string> Rules => ["MILTER095"];

    private protected override Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, ExpressionSyntax node, CancellationToken ct)
    {
        // Of several lines, each may have line ends of its own.
        InvocationExpressionSyntax? reply = node.Ancestors().OfType<InvocationExpressionSyntax>().FirstOrDefault(call => NameOf(call) is { Identifier.ValueText: "Reject" or "TempFail" });
        if (reply is not { ArgumentList.Arguments.Count: 3 } || reply.ArgumentList.Arguments.Any(argument => argument.NameColon is not null))
        {
            return Task.FromResult<Plan?>(null);
        }

        SimpleNameSyntax name = NameOf(reply)!;
        string cleaned = name.Identifier.ValueText + "Cleaned";
        return Task.FromResult<Plan?>(new Plan($"Use {cleaned}", root => root.ReplaceNode(name, SyntaxFactory.IdentifierName(cleaned).WithTriviaFrom(name))));
    }

    private static SimpleNameSyntax? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax { Name: var name } => name,
        SimpleNameSyntax name => name,
        _ => null,
    };
}
