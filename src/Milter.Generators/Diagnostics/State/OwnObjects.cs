using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Says which objects a class made itself, and what calls do to them. One that it was given is not its own to keep clean.</summary>
internal sealed class OwnObjects(FilterClass filter)
{
    private static readonly HashSet<string> s_resets =
        ["Clear", "Reset", "ResetWrittenCount", "Initialize", "GetHashAndReset", "TryGetHashAndReset", "GetCurrentHashAndReset", "GetHashAndResetCore", "Restart"];

    private readonly Dictionary<ISymbol, bool> _own = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, bool> _changing = new(SymbolEqualityComparer.Default);

    public static bool IsReset(IInvocationOperation call) => s_resets.Contains(call.TargetMethod.Name)
        || (call.TargetMethod.Name == "SetLength" && call.Arguments.Length == 1 && call.Arguments[0].Value.ConstantValue is { HasValue: true, Value: 0L });

    /// <summary>What a call does to the object it is made on; <see langword="null"/> where that is nothing, or nobody knows.</summary>
    public StateAction? Does(IInvocationOperation call, ITypeSymbol? type)
    {
        if (IsReset(call))
        {
            return StateAction.Emptied;
        }

        if (Collections.IsFilledBy(type, call.TargetMethod.Name))
        {
            return StateAction.Filled;
        }

        return call is { TargetMethod: { IsStatic: false, DeclaringSyntaxReferences.Length: > 0 } method } && Changes(method.OriginalDefinition) ? StateAction.Changed : null;
    }

    /// <summary>Says whether the class made what a member holds: in its initializer, a constructor, or a handler.</summary>
    public bool IsOwn(ISymbol member)
    {
        if (!_own.TryGetValue(member, out bool isOwn))
        {
            _own[member] = isOwn = IsMadeAtOnce(member) || IsMadeIn(member, Constructors()) || IsMadeIn(member, filter.Bodies.SelectMany(body => body.Operations));
        }

        return isOwn;
    }

    /// <summary>Says whether a method of this compilation changes the object that it is given for a parameter.</summary>
    public bool Changes(IParameterSymbol parameter)
    {
        parameter = parameter.OriginalDefinition;
        if (parameter.ContainingSymbol is not IMethodSymbol { DeclaringSyntaxReferences.Length: > 0, IsVirtual: false, IsAbstract: false } method)
        {
            return false;
        }

        if (!_changing.TryGetValue(parameter, out bool changes))
        {
            _changing[parameter] = false;
            _changing[parameter] = changes = filter.Source.Of(method).SelectMany(block => block.DescendantsAndSelf()).Any(operation => !Guards.IsMadeForThreads(operation) && Changes(operation, IsGiven));
        }

        return changes;

        bool IsGiven(IOperation? holder) => holder?.Bare() is IParameterReferenceOperation { Parameter: var used } && SymbolEqualityComparer.Default.Equals(used.OriginalDefinition, parameter);
    }

    /// <summary>What the constructors of the class and its bases do, where they are written.</summary>
    public IEnumerable<IOperation> Constructors() => filter.Lineage
        .SelectMany(type => type.InstanceConstructors)
        .Where(constructor => constructor is { IsImplicitlyDeclared: false, DeclaringSyntaxReferences.Length: > 0 } && constructor.DeclaringSyntaxReferences[0].GetSyntax() is ConstructorDeclarationSyntax)
        .SelectMany(constructor => filter.Source.Of(constructor))
        .SelectMany(block => block.DescendantsAndSelf());

    private static bool IsMadeAtOnce(ISymbol member) => member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
    {
        VariableDeclaratorSyntax field => Makes(field.Initializer, member),
        PropertyDeclarationSyntax property => Makes(property.Initializer, member),
        _ => false,
    };

    /// <summary>A call in an initializer makes something, unless it asks what the constructor was given.</summary>
    private static bool Makes(EqualsValueClauseSyntax? initializer, ISymbol member) => initializer?.Value switch
    {
        BaseObjectCreationExpressionSyntax or CollectionExpressionSyntax or ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax => true,
        InvocationExpressionSyntax call => !call.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
            member.ContainingType.InstanceConstructors.Any(constructor => constructor.Parameters.Any(parameter => parameter.Name == name.Identifier.ValueText))),
        _ => false,
    };

    private static bool IsMadeIn(ISymbol member, IEnumerable<IOperation> operations) => operations.OfType<IAssignmentOperation>().Any(assignment =>
        assignment.Target.Bare() is IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } target
        && SymbolEqualityComparer.Default.Equals(target.Member.OriginalDefinition, member)
        && (assignment.Value.Syntax is CollectionExpressionSyntax || assignment.Value.Bare() is IObjectCreationOperation or IArrayCreationOperation or IInvocationOperation { TargetMethod.IsStatic: true }));

    /// <summary>Says whether a method of a class of this compilation changes the object it is called on. One that locks is made to be shared; one that makes a part when it is first wanted does not count.</summary>
    private bool Changes(IMethodSymbol method)
    {
        if (_changing.TryGetValue(method, out bool known))
        {
            return known;
        }

        _changing[method] = false;
        return _changing[method] = filter.Source.Of(method).SelectMany(block => block.DescendantsAndSelf())
            .Any(operation => !Guards.IsMadeForThreads(operation) && Changes(operation, holder => holder is IInstanceReferenceOperation));
    }

    /// <summary>Says whether an operation changes an object: writes a member of it, fills what a member holds, or has a method do so.</summary>
    private bool Changes(IOperation operation, Func<IOperation?, bool> isObject) => operation switch
    {
        IMemberReferenceOperation { Instance: { } holder, Parent: not ICoalesceAssignmentOperation } member when isObject(holder) => member.IsWritten() || IsPartWritten(member),
        IInvocationOperation { Instance: { } holder } call when isObject(holder) => call.TargetMethod.DeclaringSyntaxReferences.Length > 0 ? Changes(call.TargetMethod.OriginalDefinition) : Collections.IsFilledBy(holder.Type, call.TargetMethod.Name),
        IInvocationOperation { Instance: { } inner } call => inner.Bare() is IMemberReferenceOperation { Instance: { } holder } && isObject(holder) && Collections.IsFilledBy(inner.Type, call.TargetMethod.Name),
        _ => false,
    };

    private static bool IsPartWritten(IOperation member) => member.Parent is IArrayElementReferenceOperation or IPropertyReferenceOperation { Arguments.Length: > 0 } or IFieldReferenceOperation && member.Parent.IsWritten();
}
