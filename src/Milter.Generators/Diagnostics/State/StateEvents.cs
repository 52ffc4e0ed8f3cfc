using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Lists what a body does with the slots of its class.</summary>
internal static class StateEvents
{
    public static IEnumerable<StateEvent> Of(FilterBody body, OwnObjects objects)
    {
        foreach (IOperation operation in body.Operations)
        {
            foreach (StateEvent found in Of(operation, body, objects))
            {
                yield return found;
            }
        }
    }

    private static IEnumerable<StateEvent> Of(IOperation operation, FilterBody body, OwnObjects objects) => operation switch
    {
        IDeconstructionAssignmentOperation { Target: var target } => Elements(target).SelectMany(element => Changes(element, operation, StateAction.Assigned, body)),
        ISimpleAssignmentOperation assignment => Changes(assignment.Target, operation, Assigns(assignment), body),
        ICoalesceAssignmentOperation assignment => IsLazy(assignment.Value) ? [] : Changes(assignment.Target, operation, StateAction.Changed, body),
        ICompoundAssignmentOperation assignment => Changes(assignment.Target, operation, StateAction.Changed, body),
        IIncrementOrDecrementOperation step => Changes(step.Target, operation, StateAction.Changed, body),
        IArgumentOperation { Parameter.RefKind: RefKind.Out } argument => Changes(argument.Value, operation, StateAction.Assigned, body),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref, Parent: IInvocationOperation call } argument => Changes(argument.Value, operation, call.TargetMethod.Name is "Exchange" or "Write" ? StateAction.Assigned : StateAction.Changed, body),
        IInvocationOperation call => Calls(call, body, objects),
        IMemberReferenceOperation or IParameterReferenceOperation when IsLookedAt(operation) && Slots.Of(operation, body) is { } read => [new(read.Slot, StateAction.Read, operation, operation, read.IsOfObject)],
        _ => [],
    };

    private static IEnumerable<IOperation> Elements(IOperation target) => target switch
    {
        ITupleOperation tuple => tuple.Elements.SelectMany(Elements),
        IDeclarationExpressionOperation => [],
        _ => [target],
    };

    private static IEnumerable<StateEvent> Changes(IOperation target, IOperation at, StateAction action, FilterBody body)
    {
        if (Slots.Of(target, body) is not { } found)
        {
            return [];
        }

        bool isElement = target.Bare() is IArrayElementReferenceOperation or IInlineArrayAccessOperation or IPropertyReferenceOperation { Arguments.Length: > 0 } or IInvocationOperation;
        if (action == StateAction.Assigned && found.Slot.Path.EndsWith(".Length", StringComparison.Ordinal) && at is ISimpleAssignmentOperation { Value.ConstantValue: { HasValue: true, Value: 0 } })
        {
            Slot text = found.Slot with { Path = found.Slot.Path.Substring(0, found.Slot.Path.Length - ".Length".Length) };
            return [new(text, StateAction.Emptied, at, target, found.IsOfObject)];
        }

        return [new(found.Slot, isElement ? StateAction.Filled : action, at, target, found.IsOfObject)];
    }

    private static StateAction Assigns(ISimpleAssignmentOperation assignment) => IsLazy(assignment) ? StateAction.Read : StateAction.Assigned;

    private static IEnumerable<StateEvent> Calls(IInvocationOperation call, FilterBody body, OwnObjects objects)
    {
        IOperation? receiver = call.TargetMethod.IsExtensionMethod && call.Arguments.Length > 0 ? call.Arguments[0].Value : call.Instance;
        if (call.TargetMethod is { IsStatic: true, ContainingType.SpecialType: SpecialType.System_Array, Name: "Clear" or "Fill" } && call.Arguments.Length > 0)
        {
            receiver = call.Arguments[0].Value;
            return Slots.Of(receiver, body) is { } array ? [new(array.Slot, StateAction.Emptied, call, call, IsOfOwnObject: true)] : [];
        }

        if (receiver?.Bare() is not IInstanceReferenceOperation && Slots.Of(receiver, body) is { } found)
        {
            // A struct keeps what it is told in the slot itself.
            ITypeSymbol? type = receiver!.Bare().Type;
            bool isOfObject = found.IsOfObject || type is { IsReferenceType: true };
            if (objects.Does(call, type) is { } action)
            {
                return [new(found.Slot, action, call, call, isOfObject)];
            }
        }

        return call.Arguments
            .Where(argument => argument is { Parameter: { RefKind: RefKind.None, Type.IsReferenceType: true } } && objects.Changes(argument.Parameter))
            .Select(argument => Slots.Of(argument.Value, body))
            .Where(given => given is not null)
            .Select(given => new StateEvent(given!.Value.Slot, StateAction.Changed, call, call, IsOfOwnObject: true));
    }

    /// <summary>Says whether a value is looked at, and not only named to change it or a part of it.</summary>
    private static bool IsLookedAt(IOperation reference)
    {
        while (reference.Parent is IConversionOperation or IParenthesizedOperation)
        {
            reference = reference.Parent;
        }

        if (reference.Parent is ICoalesceAssignmentOperation lazy && lazy.Target == reference && IsLazy(lazy.Value))
        {
            return false;
        }

        if (!reference.IsRead() || reference.Parent is IIncrementOrDecrementOperation || reference.Parent is ICompoundAssignmentOperation compound && compound.Target == reference)
        {
            return false;
        }

        return reference.Parent switch
        {
            IMemberReferenceOperation part => !IsOnlyWritten(part),
            IInvocationOperation call => call.Instance != reference || !OwnObjects.IsReset(call),
            IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { ContainingType.SpecialType: SpecialType.System_Array, Name: "Clear" or "Fill" } } } => false,
            IConditionalAccessOperation { WhenNotNull: IInvocationOperation call } => !OwnObjects.IsReset(call),
            _ => true,
        };
    }

    private static bool IsOnlyWritten(IOperation part) => part.IsWritten() && !part.IsRead();

    /// <summary>Says whether a value is made when it is first wanted, of nothing that a message brings: <c>_x ??= new X()</c>, <c>if (_x is null) _x = new X();</c>.</summary>
    private static bool IsLazy(ISimpleAssignmentOperation assignment) => assignment.Target.Bare() is IMemberReferenceOperation { Member: var member } && IsLazy(assignment.Value) && IsAskedForNull(assignment, member);

    private static bool IsLazy(IOperation value) => value.Type is { IsReferenceType: true }
        && value.ConstantValue is { HasValue: false }
        && !value.DescendantsAndSelf().Any(part => part is IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: not MethodKind.Constructor } } or ILocalReferenceOperation or IDefaultValueOperation);

    private static bool IsAskedForNull(IOperation assignment, ISymbol member)
    {
        for (IOperation? at = assignment; at?.Parent is { } parent; at = parent)
        {
            if (parent is IConditionalOperation { Condition: var condition } either && either.WhenTrue == at
                && condition.DescendantsAndSelf().OfType<IMemberReferenceOperation>().Any(asked => SymbolEqualityComparer.Default.Equals(asked.Member, member))
                && condition.DescendantsAndSelf().Any(part => part.ConstantValue is { HasValue: true, Value: null }))
            {
                return true;
            }
        }

        return false;
    }
}
