using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports what is kept in a member though it is used again for something else: views of buffers after the handler, pooled objects after the message.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KeptAnalyzer : HandlerBodyAnalyzer
{
    private static readonly string[] s_pooled =
    [
        "Milter.EnvelopeAddress", "Milter.MessageEnvelope", "Milter.MessageHeaders", "Milter.MessageBody", "Milter.HeaderEditor", "Milter.HeaderAdder",
        "Milter.EnvelopeEditor", "Milter.BodyEditor", "Milter.Quarantine", "Milter.Progress", "Milter.MessageActions",
    ];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.Kept);

    private protected override void Check(HandlerBody body)
    {
        foreach (IOperation operation in body.Operations)
        {
            switch (operation)
            {
                case IAssignmentOperation { Target: { } target, Value: { } value } when target.Root() is { } member:
                    Check(body, member, value);
                    break;
                case IInvocationOperation { Instance: { } instance } call when Collections.IsChange(call.TargetMethod.Name) && instance.Root() is { } collection:
                    foreach (IArgumentOperation argument in call.Arguments)
                    {
                        Check(body, collection, argument.Value);
                    }

                    break;
            }
        }
    }

    private static void Check(HandlerBody body, IMemberReferenceOperation member, IOperation value)
    {
        IOperation bare = value.Bare();
        if (bare.Type is not { } type)
        {
            return;
        }

        bool isView = type.Is(ParameterInfo.Memory, IsByte) || type.Is(ParameterInfo.Sequence, IsByte);
        if (isView)
        {
            // A copy has gone through ToArray, and does not begin at the parameter.
            if (IsPartOfParameter(bare))
            {
                body.Report(Descriptors.Kept, value.Syntax.GetLocation(), CSharpText.Short(type), member.Member.Name, "until the handler completes; copy it with ToArray()");
            }

            return;
        }

        if (s_pooled.Any(name => type.Is(name)) && !member.Member.Has(RuntimeNames.PerMessageAttribute))
        {
            body.Report(Descriptors.Kept, value.Syntax.GetLocation(), CSharpText.Short(type), member.Member.Name, "until the message ends at the latest; copy what is needed of it");
        }
    }

    private static bool IsByte(ITypeSymbol element) => element.SpecialType == SpecialType.System_Byte;

    private static bool IsPartOfParameter(IOperation value) => value.Bare() switch
    {
        IParameterReferenceOperation => true,
        IInvocationOperation { Instance: { } instance, TargetMethod.Name: "Slice" } => IsPartOfParameter(instance),
        IPropertyReferenceOperation { Instance: { } instance } => IsPartOfParameter(instance),
        IImplicitIndexerReferenceOperation { Instance: { } instance } => IsPartOfParameter(instance),
        _ => false,
    };
}
