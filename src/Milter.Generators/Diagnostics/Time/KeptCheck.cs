using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports what is kept, or used by work that goes on, though it is used again for something else: views of buffers after the handler, pooled objects after the message.</summary>
internal sealed class KeptCheck : FilterCheck
{
    private static readonly HashSet<string> s_stores = ["TryWrite", "WriteAsync", "Post", "SendAsync", "TryAdd", "TrySetResult", "SetResult", "AddOrUpdate", "GetOrAdd"];

    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.Kept, Descriptors.UsedLater);

    public override void Check(FilterReport report)
    {
        foreach (FilterBody body in report.Bodies)
        {
            foreach (IOperation operation in body.Operations)
            {
                Keeps(report, body, operation);
                UsesLater(report, body, operation);
            }
        }
    }

    private static void Keeps(FilterReport report, FilterBody body, IOperation operation)
    {
        switch (operation)
        {
            case IAssignmentOperation assignment when Keeper(assignment.Target, body) is { } member:
                Keeps(report, body, member, assignment.Value);
                break;
            case IInvocationOperation call when Collections.IsChange(call.TargetMethod.Name) || s_stores.Contains(call.TargetMethod.Name):
                IOperation? receiver = call.TargetMethod.IsExtensionMethod && call.Arguments.Length > 0 ? call.Arguments[0].Value : call.Instance.Receiver();
                foreach (IArgumentOperation argument in receiver is not null && Keeper(receiver, body) is { } collection && IsMember(collection) ? call.Arguments.Where(IsStored) : [])
                {
                    Keeps(report, body, Keeper(receiver!, body)!, argument.Value);
                }

                break;
        }
    }

    private static void Keeps(FilterReport report, FilterBody body, ISymbol member, IOperation value)
    {
        foreach (IOperation part in Parts(value))
        {
            Lifetime lifetime = Views.Of(part, body);
            if (lifetime == Lifetime.Handler || (lifetime == Lifetime.Message && !IsReset(member)))
            {
                string until = lifetime == Lifetime.Message ? "until the message ends at the latest; copy what is needed of it"
                    : part.Bare().Type.Is("Milter.EnvelopeAddress") ? "until the handler completes, and is the next recipient then; keep its Address, or take MessageEnvelope at the end"
                    : "until the handler completes; copy it with ToArray()";
                report.Report(Descriptors.Kept, part.Syntax.GetLocation(), CSharpText.Short(part.Bare().Type!), member.Name, until);
            }
        }
    }

    /// <summary>Work that nobody awaits is there when what it uses is not.</summary>
    private static void UsesLater(FilterReport report, FilterBody body, IOperation operation)
    {
        switch (operation)
        {
            case IParameterReferenceOperation or ILocalReferenceOperation when Work.StarterOf(operation) is { } starter && IsLeft(starter) && IsFromOutside(operation, starter) && Views.Of(operation, body) != Lifetime.Unlimited:
                Say(operation);
                break;
            case IInvocationOperation call when call.TargetMethod is { IsAsync: true, ReturnsVoid: true } || (call.Type is { } type && HandlerSymbols.IsTaskLike(type) && Work.IsLeft(call)):
                foreach (IOperation used in call.Arguments.Select(argument => argument.Value).Concat(call.Instance is { } instance ? [instance] : []))
                {
                    if (Views.Of(used, body) != Lifetime.Unlimited)
                    {
                        Say(used);
                    }
                }

                break;
        }

        void Say(IOperation used) => report.Report(Descriptors.UsedLater, used.Syntax.GetLocation(), used.Syntax.ToString());
    }

    private static bool IsLeft(IOperation starter) => starter is not IInvocationOperation call || call.Type is not { } type || !HandlerSymbols.IsTaskLike(type) || Work.IsLeft(call);

    private static bool IsFromOutside(IOperation use, IOperation starter)
    {
        ISymbol symbol = use is IParameterReferenceOperation parameter ? parameter.Parameter : ((ILocalReferenceOperation)use).Local;
        return symbol.DeclaringSyntaxReferences.All(reference => !starter.Syntax.Span.Contains(reference.Span));
    }

    /// <summary>What lives on and is given something: a member of the filter, or of what it holds; also a constructor's parameter, or a service.</summary>
    private static ISymbol? Keeper(IOperation target, FilterBody body) => target.Bare() switch
    {
        IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } own => own.Member,
        IMemberReferenceOperation { Instance: { } holder } => Keeper(holder, body),
        IConditionalAccessInstanceOperation access when access.Accessed() is { } holder => Keeper(holder, body),
        IArrayElementReferenceOperation element => Keeper(element.ArrayReference, body),
        IInvocationOperation { Instance: { } holder } => Keeper(holder, body),
        IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } given } when body.Method.MethodKind != MethodKind.Constructor => given,
        IParameterReferenceOperation { Parameter: var service } when service.Has("Milter.FromServicesAttribute") => service,
        ILocalReferenceOperation { Local.Type.IsReferenceType: true } local when body.Locals.ValuesOf(local) is { Length: 1 } values => Keeper(values[0], body),
        _ => null,
    };

    private static bool IsMember(ISymbol keeper) => keeper is IFieldSymbol or IPropertySymbol or IParameterSymbol;

    private static bool IsReset(ISymbol member) => member.Has(RuntimeNames.PerMessageAttribute)
        || (member is IPropertySymbol property && property.BackingField()?.Has(RuntimeNames.PerMessageAttribute) == true);

    /// <summary>A method that takes an element keeps it; one that takes bytes to write copies them.</summary>
    private static bool IsStored(IArgumentOperation argument) => argument.Parameter?.OriginalDefinition.Type is ITypeParameterSymbol or { SpecialType: SpecialType.System_Object };

    /// <summary>The value, and what is put into it when it is made on the spot.</summary>
    private static IEnumerable<IOperation> Parts(IOperation value) => value.Bare() switch
    {
        ITupleOperation tuple => tuple.Elements.SelectMany(Parts),
        IObjectCreationOperation { Type: { } type } made when type.DeclaringSyntaxReferences.Length > 0 || type.IsTupleType || type.Name is "KeyValuePair" or "Tuple" =>
            made.Arguments.SelectMany(argument => Parts(argument.Value)).Concat(made.Initializer?.Initializers.OfType<IAssignmentOperation>().SelectMany(part => Parts(part.Value)) ?? []),
        IConditionalOperation { WhenFalse: { } other } either => Parts(either.WhenTrue).Concat(Parts(other)),
        _ => [value],
    };
}
