using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;
using Milter.Generators.Parsing;

namespace Milter.Generators.Diagnostics;

/// <summary>Checks the literals given to what edits the header as the runtime will.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EditorLiteralAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.EditedName, Descriptors.EditedValue);

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
        INamedTypeSymbol type = call.TargetMethod.ContainingType;
        if (!type.Is(RuntimeNames.HeaderEditor) && !type.Is(RuntimeNames.HeaderAdder))
        {
            return;
        }

        if (call.Argument("name") is { } name && name.ConstantText() is { } written && Names.WhyNoHeader(written) is { } reason)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.EditedName, name.Syntax.GetLocation(), written, reason));
        }

        if (call.Argument("value") is { } value && value.ConstantText() is { } text && WhyNoValue(text) is { } objection)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.EditedValue, value.Syntax.GetLocation(), objection));
        }
    }

    private static string? WhyNoValue(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\0':
                    return "it has a NUL, which ends it";
                case '\r':
                    return "it has a CR; fold with a line feed and white space";
                case '\n' when i + 1 == text.Length || text[i + 1] is not (' ' or '\t'):
                    return "it has a line feed without white space after it, so what follows would be another field";
            }
        }

        return null;
    }
}
