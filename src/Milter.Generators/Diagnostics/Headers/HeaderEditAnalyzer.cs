using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports changes of the header that do something else than they seem to: to fields of others, to fields that occur once, by a number that is none.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HeaderEditAnalyzer : DiagnosticAnalyzer
{
    private static readonly HashSet<string> s_adds = ["Prepend", "Append", "Add", "InsertAt", "AddHeader", "InsertHeader"];
    private static readonly HashSet<string> s_asks = ["Contains", "CountOf", "GetAll", "Decoded", "RemoveAll", "Remove", "this[]", "Is"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(
        Descriptors.OthersFields, Descriptors.TraceTouched, Descriptors.SecondField, Descriptors.BccField, Descriptors.RemovedInLoop, Descriptors.NoOccurrence, Descriptors.RawBytes);

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
        if (!type.Is(RuntimeNames.HeaderEditor) && !type.Is(RuntimeNames.HeaderAdder) && !type.Is(RuntimeNames.MessageActions))
        {
            return;
        }

        Occurrence(context, call);
        if (call.Argument("name") is not { } name || name.ConstantText() is not { } written)
        {
            return;
        }

        HeaderFieldInfo? field = HeaderFieldInfo.Find(written);
        bool adds = s_adds.Contains(call.TargetMethod.Name);
        if (HeaderFieldInfo.Is(HeaderFieldInfo.Bcc, written) && (adds || call.TargetMethod.Name is "Set"))
        {
            Say(context, Descriptors.BccField, name);
        }
        else if (field is { IsOfOthers: true } && call.TargetMethod.Name is "Set")
        {
            Say(context, Descriptors.OthersFields, name, field.Name);
        }
        else if (HeaderFieldInfo.Is(HeaderFieldInfo.Received, written) && call.TargetMethod.Name is "Change" or "Remove" or "RemoveAll" or "ChangeHeader" or "DeleteHeader")
        {
            Say(context, Descriptors.TraceTouched, name);
        }
        else if (field is { OccursOnce: true } && adds && !IsAskedFor(call, written))
        {
            Say(context, Descriptors.SecondField, name, field.Name);
        }

        if (call.Argument("value") is { } value && value.Bare() is IUtf8StringOperation { Value: var bytes } && bytes.Any(c => c > '~'))
        {
            Say(context, Descriptors.RawBytes, value);
        }
    }

    private static void Occurrence(OperationAnalysisContext context, IInvocationOperation call)
    {
        if (call.Argument("occurrence") is not { } occurrence || (occurrence.ConstantValue is { HasValue: true, Value: int constant } ? constant : FirstOf(occurrence)) is not { } number)
        {
            return;
        }

        if (number < 1)
        {
            Say(context, Descriptors.NoOccurrence, occurrence, number);
        }
        else if (call.TargetMethod is { Name: "Remove", ContainingType: var type } && type.Is(RuntimeNames.HeaderEditor) && call.IsIn<ILoopOperation>() && call.Argument("name") is { } name && IsSame(name, call))
        {
            Say(context, Descriptors.RemovedInLoop, call);
        }
    }

    /// <summary>What the variable of a <c>for</c> begins with, where it is used as it is.</summary>
    private static int? FirstOf(IOperation occurrence)
    {
        if (occurrence.Bare() is not ILocalReferenceOperation { Local: var local })
        {
            return null;
        }

        for (IOperation? at = occurrence.Parent; at is not null; at = at.Parent)
        {
            if (at is IForLoopOperation loop && loop.Before.SelectMany(part => part.DescendantsAndSelf()).OfType<IVariableDeclaratorOperation>().FirstOrDefault(declared => SymbolEqualityComparer.Default.Equals(declared.Symbol, local)) is { } variable)
            {
                return variable.Initializer?.Value.ConstantValue is { HasValue: true, Value: int and < 1 and var first } ? first : null;
            }
        }

        return null;
    }

    /// <summary>Says whether a name is the same in each round of the loop: names of a list, each once, are another thing.</summary>
    private static bool IsSame(IOperation name, IOperation call)
    {
        for (IOperation? at = call.Parent; at is not null; at = at.Parent)
        {
            if (at is ILoopOperation loop)
            {
                return !name.DescendantsAndSelf().Any(part => part is ILocalReferenceOperation local && loop.Syntax.Span.Contains(local.Local.Locations[0].SourceSpan));
            }
        }

        return false;
    }

    /// <summary>Says whether the method has looked whether the field is there.</summary>
    private static bool IsAskedFor(IInvocationOperation call, string name)
    {
        IOperation root = call;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        return (call.SemanticModel?.GetEnclosingSymbol(call.Syntax.SpanStart) as IMethodSymbol)?.Parameters.Any(parameter => HeaderFieldInfo.Is(name, parameter.InheritedAttribute(RuntimeNames.HeaderAttribute)?.Value() as string)) == true
            || root.DescendantsAndSelf().Any(operation => Names(operation).Any(asked => HeaderFieldInfo.Is(name, asked)));
    }

    private static IEnumerable<string?> Names(IOperation operation) => operation switch
    {
        IInvocationOperation call when s_asks.Contains(call.TargetMethod.Name) && call.TargetMethod.ContainingType?.ContainingNamespace?.Name == RuntimeNames.Api => call.Arguments.Select(argument => argument.Value.ConstantText()),
        IPropertyReferenceOperation { Arguments.Length: 1 } lookup => [lookup.Arguments[0].Value.ConstantText()],
        _ => [],
    };

    private static void Say(OperationAnalysisContext context, DiagnosticDescriptor rule, IOperation at, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, at.Syntax.GetLocation(), arguments));
}
