using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Silences what other analyzers say of handlers because they don't know that generated code calls them, with the parameters that they have.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandlerSuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor s_static = Suppress("MILTERS01", "CA1822", "Whether a handler touches its instance is no reason to change its form");
    private static readonly SuppressionDescriptor s_unused = Suppress("MILTERS02", "IDE0051", "Generated code calls the handler");
    private static readonly SuppressionDescriptor s_parameter = Suppress("MILTERS03", "IDE0060", "A handler's parameter is also a wish: it decides what is collected and negotiated");
    private static readonly SuppressionDescriptor s_null = Suppress("MILTERS05", "CA1062", "Generated code calls the handler, and gives null only where the parameter says so");
    private static readonly SuppressionDescriptor s_parameterToo = Suppress("MILTERS04", "CA1801", "A handler's parameter is also a wish: it decides what is collected and negotiated");

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } = ImmutableArray.Create(s_static, s_unused, s_parameter, s_parameterToo, s_null);

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (Diagnostic diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree
                || SupportedSuppressions.FirstOrDefault(suppression => suppression.SuppressedDiagnosticId == diagnostic.Id) is not { } suppression)
            {
                continue;
            }

            SyntaxNode? node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            SemanticModel model = context.GetSemanticModel(tree);
            while (node is not null && model.GetDeclaredSymbol(node, context.CancellationToken) is not IMethodSymbol)
            {
                node = node.Parent;
            }

            if (node is not null && HandlerSymbols.StagesOf(model.GetDeclaredSymbol(node, context.CancellationToken)) != Stages.None)
            {
                context.ReportSuppression(Suppression.Create(suppression, diagnostic));
            }
        }
    }

    private static SuppressionDescriptor Suppress(string id, string rule, string why) => new(id, rule, why);
}
