using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Milter.CodeFixes;

/// <summary>Takes in an asynchronous handler what can live across an await, instead of a view.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ViewFix))]
public sealed class ViewFix : HandlerFix<ParameterSyntax>
{
    private protected override IReadOnlyList<string> Rules => ["MILTER042"];

    private protected override Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, ParameterSyntax node, CancellationToken ct)
    {
        // Two texts for one can't be put in place by themselves.
        string? type = diagnostic.Properties.TryGetValue("Instead", out string? instead)
            ? instead switch { "ReadOnlyMemory<byte>" => "System.ReadOnlyMemory<byte>", "string" => "string", _ => null }
            : null;
        if (type is null || node.Type is not { } view)
        {
            return Task.FromResult<Plan?>(null);
        }

        bool mayBeMissing = type == "string" && node.AttributeLists.Count > 0;
        TypeSyntax taken = type == "string" ? Microsoft.CodeAnalysis.CSharp.SyntaxFactory.ParseTypeName("string") : Syntax.Type(type);
        return Task.FromResult<Plan?>(new Plan(
            $"Take '{node.Identifier.ValueText}' as {type.Substring(type.LastIndexOf('.') + 1)}{(mayBeMissing ? "?" : "")}",
            root => root.ReplaceNode(node, node.WithType((mayBeMissing ? Syntax.OrNull(taken) : taken).In(view)))));
    }
}
