using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Milter.CodeFixes;

/// <summary>Returns a task instead of nothing, so that the handler is waited for.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AsyncVoidFix))]
public sealed class AsyncVoidFix : HandlerFix<MethodDeclarationSyntax>
{
    private protected override IReadOnlyList<string> Rules => ["MILTER027"];

    private protected override Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, MethodDeclarationSyntax node, CancellationToken ct) => Task.FromResult<Plan?>(new Plan(
        "Return Task",
        root => root.ReplaceNode(node, node.WithReturnType(Syntax.Type("System.Threading.Tasks.Task").In(node.ReturnType)))));
}
