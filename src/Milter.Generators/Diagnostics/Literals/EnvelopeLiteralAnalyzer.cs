using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Checks constant addresses and endpoints as the runtime will.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EnvelopeLiteralAnalyzer : DiagnosticAnalyzer
{
    private static readonly HashSet<string> s_addressed = ["AddRecipient", "ChangeSender", "AddRecipientWithArguments"];
    private static readonly string[] s_listeners = [RuntimeNames.Server, RuntimeNames.ServiceExtensions, "Milter.MilterEndPoint"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.NoAddress, Descriptors.NoEndPoint);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Call, OperationKind.Invocation);
        context.RegisterOperationAction(Option, OperationKind.SimpleAssignment);
    }

    private static void Call(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        INamedTypeSymbol type = call.TargetMethod.ContainingType;
        string name = call.TargetMethod.Name;
        if (s_addressed.Contains(name) && (type.Is("Milter.EnvelopeEditor") || type.Is(RuntimeNames.MessageActions)))
        {
            if (call.Argument("address") is { } address && address.ConstantText() is { } written && AddressText.WhyNone(written, mayBeNull: name == "ChangeSender") is { } reason)
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.NoAddress, address.Syntax.GetLocation(), written, reason));
            }
        }
        else if (s_listeners.Any(known => type.Is(known)) && name is "RunAsync" or "StartAsync" or "AddMilter" or "Parse"
            && (call.Argument("endPoint") ?? call.Argument("listen") ?? call.Argument("text")) is { } endPoint)
        {
            CheckEndPoint(context, endPoint);
        }
    }

    private static void Option(OperationAnalysisContext context)
    {
        var assignment = (ISimpleAssignmentOperation)context.Operation;
        if (assignment.Target is IPropertyReferenceOperation { Property: { Name: "Listen", ContainingType: { } type } } && type.Is("Milter.MilterOptions"))
        {
            CheckEndPoint(context, assignment.Value);
        }
    }

    private static void CheckEndPoint(OperationAnalysisContext context, IOperation value)
    {
        if (value.ConstantText() is { } text && EndPointText.WhyNone(text) is { } reason)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.NoEndPoint, value.Syntax.GetLocation(), text, reason));
        }
    }
}
