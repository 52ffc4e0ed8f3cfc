using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports what is kept, or used by work that goes on, though it is used again for something else: views of buffers after the handler, pooled objects after the message.</summary>
internal sealed class KeptCheck : FilterCheck
{
    private const int MaxDepth = 4;

    private static readonly HashSet<string> s_stores = ["TryWrite", "WriteAsync", "Post", "SendAsync", "TryAdd", "TrySetResult", "SetResult", "AddOrUpdate", "GetOrAdd"];

    private static readonly string[] s_exchanges = ["System.Threading.Interlocked", "System.Threading.Volatile"];

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
            case IInvocationOperation { TargetMethod: { IsStatic: true, Name: "Exchange" or "CompareExchange" or "Write", ContainingType: { } type }, Arguments: { Length: > 1 } arguments }
                when s_exchanges.Any(name => type.Is(name)) && Keeper(arguments[0].Value, body) is { } exchanged:
                Keeps(report, body, exchanged, arguments[1].Value);
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
        foreach (IOperation part in Parts(value, body, 0))
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
            case IParameterReferenceOperation or ILocalReferenceOperation when Work.ForgottenOf(operation) is { } forgotten && IsFromOutside(operation, forgotten) && Views.Of(operation, body) != Lifetime.Unlimited:
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

    private static bool IsLeft(IOperation starter) => starter switch
    {
        IInvocationOperation { Type: { } type } call when HandlerSymbols.IsTaskLike(type) => Work.IsLeft(call),
        IObjectCreationOperation made => !IsEnded(made),
        _ => true,
    };

    /// <summary>Says whether a timer or thread ends with the code that made it: by <c>using</c>, or because somebody disposes of it or joins it there.</summary>
    private static bool IsEnded(IOperation made)
    {
        IOperation at = made;
        while (at.Parent is IConversionOperation or IVariableInitializerOperation or IVariableDeclaratorOperation or IVariableDeclarationOperation or IVariableDeclarationGroupOperation)
        {
            at = at.Parent;
        }

        if (at.Parent is IUsingDeclarationOperation || (at.Parent is IUsingOperation block && block.Resources == at))
        {
            return true;
        }

        return at.DescendantsAndSelf().OfType<IVariableDeclaratorOperation>().FirstOrDefault() is { Symbol: var local }
            && Origins.Root(made).Descendants().OfType<IInvocationOperation>().Any(call => call.TargetMethod.Name is "Dispose" or "DisposeAsync" or "Join"
                && call.Instance?.Bare() is ILocalReferenceOperation ended && SymbolEqualityComparer.Default.Equals(ended.Local, local));
    }

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
        IParameterReferenceOperation { Parameter: var service } when service.InheritedAttribute("Milter.FromServicesAttribute") is not null => service,
        ILocalReferenceOperation { Local.Type.IsReferenceType: true } local when body.Locals.ValuesOf(local) is { Length: 1 } values => Keeper(values[0], body),
        _ => null,
    };

    private static bool IsMember(ISymbol keeper) => keeper is IFieldSymbol or IPropertySymbol or IParameterSymbol;

    private static bool IsReset(ISymbol member) => member.Has(RuntimeNames.PerMessageAttribute)
        || (member is IPropertySymbol property && property.BackingField()?.Has(RuntimeNames.PerMessageAttribute) == true);

    /// <summary>A method that takes an element keeps it; one that takes bytes to write copies them.</summary>
    private static bool IsStored(IArgumentOperation argument) => argument.Parameter?.OriginalDefinition.Type is ITypeParameterSymbol or { SpecialType: SpecialType.System_Object };

    /// <summary>The value, what is put into it when it is made on the spot or for a local, and what a lambda uses that is kept.</summary>
    private static IEnumerable<IOperation> Parts(IOperation value, FilterBody body, int depth)
    {
        IOperation bare = value.Bare();
        IEnumerable<IOperation> All(IEnumerable<IOperation> parts) => depth < MaxDepth ? parts.SelectMany(part => Parts(part, body, depth + 1)) : [];
        return bare switch
        {
            _ when bare.Syntax is CollectionExpressionSyntax => All(bare.ChildOperations),
            ITupleOperation tuple => All(tuple.Elements),
            IArrayCreationOperation { Initializer: { } initializer } => All(initializer.ElementValues),
            IAnonymousObjectCreationOperation made => All(Given(made.Initializers)),
            IWithOperation with => All(with.Initializer is null ? [] : Given(with.Initializer.Initializers)),
            IObjectCreationOperation { Type: { } type } made when type.DeclaringSyntaxReferences.Length > 0 || type.IsTupleType || type.Name is "KeyValuePair" or "Tuple" =>
                All(made.Arguments.Where(argument => argument.Parameter is null || KeepsIt(argument.Parameter)).Select(argument => argument.Value).Concat(made.Initializer is null ? [] : Given(made.Initializer.Initializers))),
            IConditionalOperation { WhenFalse: { } other } either => All([either.WhenTrue, other]),
            ICoalesceOperation coalesce => All([coalesce.Value, coalesce.WhenNull]),
            IDelegateCreationOperation { Target: IAnonymousFunctionOperation function } => function.Body.Descendants().Where(use => use is IParameterReferenceOperation or ILocalReferenceOperation && IsFromOutside(use, function)),
            ILocalReferenceOperation local when Views.Of(local, body) == Lifetime.Unlimited && body.Locals.ValuesOf(local) is { Length: 1 } values && values[0].Bare() is not ILocalReferenceOperation => All(values.Concat(SetOn(local, body))),
            _ => [value],
        };
    }

    /// <summary>What the members of an object are given that the program has made for a local.</summary>
    private static IEnumerable<IOperation> SetOn(ILocalReferenceOperation holder, FilterBody body) => body.Operations.OfType<ISimpleAssignmentOperation>()
        .Where(assignment => assignment.Target is IMemberReferenceOperation { Instance: ILocalReferenceOperation { Local: var local } } && SymbolEqualityComparer.Default.Equals(local, holder.Local))
        .Select(assignment => assignment.Value);

    /// <summary>Says whether an object has what its constructor was given, and not only something that was made of it.</summary>
    private static bool KeepsIt(IParameterSymbol parameter) => parameter.ContainingSymbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
    {
        ConstructorDeclarationSyntax constructor => constructor.Initializer is { ArgumentList.Arguments.Count: > 0 }
            || constructor.DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment => Names(assignment.Right, parameter)),
        RecordDeclarationSyntax => true,
        TypeDeclarationSyntax type => type.BaseList?.Types.Any(one => one is PrimaryConstructorBaseTypeSyntax) == true
            || type.DescendantNodes().Any(node => Names(node, parameter) && (node.Parent is EqualsValueClauseSyntax || !node.Ancestors().Any(outer => outer is EqualsValueClauseSyntax))),
        _ => true,
    };

    private static bool Names(SyntaxNode node, IParameterSymbol parameter) => node is IdentifierNameSyntax name && name.Identifier.ValueText == parameter.Name;

    private static IEnumerable<IOperation> Given(ImmutableArray<IOperation> initializers) => initializers.OfType<IAssignmentOperation>().Select(part => part.Value);
}
