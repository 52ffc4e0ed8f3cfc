using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;
using Milter.Generators.Parsing;

namespace Milter.Generators.Diagnostics;

/// <summary>Checks the literals given to what edits the header, or looks something up in it, as the runtime will.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EditorLiteralAnalyzer : DiagnosticAnalyzer
{
    private static readonly string[] s_lookups = ["Milter.MessageHeaders", "Milter.HeaderField"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.EditedName, Descriptors.EditedValue);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Check, OperationKind.Invocation);
        context.RegisterOperationAction(Lookup, OperationKind.PropertyReference);
    }

    private static void Check(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        INamedTypeSymbol type = call.TargetMethod.ContainingType;
        bool edits = type.Is(RuntimeNames.HeaderEditor) || type.Is(RuntimeNames.HeaderAdder) || type.Is(RuntimeNames.MessageActions);
        if (edits || s_lookups.Any(name => type.Is(name)))
        {
            CheckName(context, call.Argument("name"));
        }

        if (edits && call.Argument("value") is { } value)
        {
            CheckValue(context, value);
        }
    }

    private static void Lookup(OperationAnalysisContext context)
    {
        var lookup = (IPropertyReferenceOperation)context.Operation;
        if (lookup.Arguments.Length == 1 && s_lookups.Any(name => lookup.Property.ContainingType.Is(name)))
        {
            CheckName(context, lookup.Arguments[0].Value);
        }
    }

    private static void CheckName(OperationAnalysisContext context, IOperation? name)
    {
        if (name is not null && name.ConstantText() is { } written && Names.WhyNoHeader(written) is { } reason)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.EditedName, name.Syntax.GetLocation(), written, reason));
        }
    }

    private static void CheckValue(OperationAnalysisContext context, IOperation value)
    {
        if (value.ConstantText() is { } text)
        {
            Say(WhyNoValue(text), value);
            return;
        }

        IOperation last = LiteralParts.LastOf(value);
        foreach ((string part, IOperation at) in LiteralParts.Of(value))
        {
            Say(WhyNoValue(at == last ? part : WithoutLineEnd(part)), at);
        }

        void Say(string? objection, IOperation at)
        {
            if (objection is not null)
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.EditedValue, at.Syntax.GetLocation(), objection));
            }
        }
    }

    /// <summary>After a part that is not the last, white space may come from the next.</summary>
    private static string WithoutLineEnd(string part) => part.EndsWith("\r\n", StringComparison.Ordinal) ? part.Substring(0, part.Length - 2)
        : part.EndsWith("\n", StringComparison.Ordinal) ? part.Substring(0, part.Length - 1)
        : part;

    private static string? WhyNoValue(string text)
    {
        // CR LF is a line feed, as long as white space follows.
        string folded = text.Replace("\r\n", "\n");
        for (int i = 0; i < folded.Length; i++)
        {
            switch (folded[i])
            {
                case '\0':
                    return "it has a NUL, which ends it";
                case '\r':
                    return "it has a CR by itself; fold with a line feed and white space";
                case '\n' when i + 1 == folded.Length || folded[i + 1] is not (' ' or '\t'):
                    return "it has a line end without white space after it, so what follows would be another field";
            }
        }

        return null;
    }
}
