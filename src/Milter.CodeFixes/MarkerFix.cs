using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Milter.CodeFixes;

/// <summary>Marks a parameter with the one attribute that says where it comes from.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MarkerFix))]
public sealed class MarkerFix : HandlerFix<ParameterSyntax>
{
    private protected override IReadOnlyList<string> Rules => ["MILTER040"];

    private protected override Task<Plan?> PlanAsync(Document document, Diagnostic diagnostic, ParameterSyntax node, CancellationToken ct)
    {
        if (!diagnostic.Properties.TryGetValue("Marker", out string? marker) || marker is null || node.Type is not { } type)
        {
            return Task.FromResult<Plan?>(null);
        }

        string shown = marker.Substring("Milter.".Length, marker.Length - "Milter.".Length - nameof(Attribute).Length);
        return Task.FromResult<Plan?>(new Plan($"Mark it with [{shown}]", root => root.ReplaceNode(node, Marked(node, type, marker))));
    }

    private static ParameterSyntax Marked(ParameterSyntax parameter, TypeSyntax type, string marker)
    {
        // Only a client's address may be missing without having an empty value.
        TypeSyntax taken = marker == "Milter.ClientAddressAttribute" && type is not NullableTypeSyntax ? Syntax.OrNull(type) : type;
        AttributeListSyntax mark = Syntax.Attribute(marker).WithTrailingTrivia(SyntaxFactory.Space);
        return parameter.WithType(taken).WithoutLeadingTrivia().AddAttributeLists(mark).WithLeadingTrivia(parameter.GetLeadingTrivia());
    }
}
