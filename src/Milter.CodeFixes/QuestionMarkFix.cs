using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Milter.CodeFixes;

/// <summary>Writes the question mark of what may be missing.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(QuestionMarkFix))]
public sealed class QuestionMarkFix : HandlerFix<ParameterSyntax>
{
    private protected override IReadOnlyList<string> Rules => ["MILTER047", "MILTER105"];

    private protected override Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, ParameterSyntax node, CancellationToken ct) => Task.FromResult(node.Type is { } type
        ? new Plan($"Take it as '{type.ToString()}?'", root => root.ReplaceNode(node, node.WithType(Syntax.OrNull(type))))
        : null);
}
