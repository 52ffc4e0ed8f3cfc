using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports replies that repeat what a message's header says: a text with a line end or a control character throws, and the sender chooses the text.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReplySourceAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.SendersReply);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Check, OperationKind.Invocation);
    }

    private static void Check(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (!VerdictMembers.IsChecked(call))
        {
            return;
        }

        foreach (IArgumentOperation argument in SenderText.TextsOf(call))
        {
            if (SenderText.Find(argument.Value, SenderText.IsHeader) is { } source)
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.SendersReply, source.Syntax.GetLocation(), call.TargetMethod.Name));
            }
        }
    }
}
