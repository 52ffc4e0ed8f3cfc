using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Milter.Generators.Diagnostics;

/// <summary>Questions to operations.</summary>
internal static class OperationExtensions
{
    /// <summary>The operation without conversions and parentheses around it.</summary>
    public static IOperation Bare(this IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                default:
                    return operation;
            }
        }
    }

    /// <summary>The text of a constant, or of a <c>"…"u8</c>; <see langword="null"/> where it is neither.</summary>
    public static string? ConstantText(this IOperation operation) => operation.ConstantValue is { HasValue: true, Value: string text }
        ? text
        : (operation.Bare() as IUtf8StringOperation)?.Value;

    /// <summary>The value given for a parameter by its name, where one is written.</summary>
    public static IOperation? Argument(this IInvocationOperation call, string parameter) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameter && argument.ArgumentKind != ArgumentKind.DefaultValue)?.Value;

    /// <summary>The member of <c>this</c>, or the static one, that an expression names or is a part of, as far as values go. After <c>?.</c> it is what stands before it.</summary>
    public static IMemberReferenceOperation? Root(this IOperation operation) => operation.Bare() switch
    {
        IConditionalAccessInstanceOperation instance => instance.Accessed()?.Root(),
        IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } own => own,
        IMemberReferenceOperation { Instance: { Type.IsValueType: true } part } => part.Root(),
        _ => null,
    };

    public static bool IsIn<T>(this IOperation operation)
        where T : IOperation
    {
        for (IOperation? at = operation.Parent; at is not null; at = at.Parent)
        {
            if (at is T)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The lambda or local function that something stands in, or <see langword="null"/> where it stands in the body itself.</summary>
    public static IOperation? Enclosing(this IOperation operation)
    {
        for (IOperation? at = operation.Parent; at is not null; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return at;
            }
        }

        return null;
    }

    public static bool IsWithin(this IOperation operation, IOperation outer)
    {
        for (IOperation? at = operation; at is not null; at = at.Parent)
        {
            if (at == outer)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What <c>?.</c> was written after, for the instance of what stands behind it.</summary>
    public static IOperation? Accessed(this IConditionalAccessInstanceOperation instance)
    {
        for (IOperation? at = instance; at?.Parent is { } parent; at = parent)
        {
            if (parent is IConditionalAccessOperation access && access.WhenNotNull == at)
            {
                return access.Operation;
            }
        }

        return null;
    }

    /// <summary>What a call or a member's use is made on, also before <c>?.</c>.</summary>
    public static IOperation? Receiver(this IOperation? instance) => instance?.Bare() is IConditionalAccessInstanceOperation access ? access.Accessed() : instance;

    /// <summary>Says whether a variable's value is read where it stands: not where it is only given another.</summary>
    public static bool IsRead(this IOperation reference) => reference.Parent switch
    {
        ISimpleAssignmentOperation assignment => assignment.Target != reference,
        IDeconstructionAssignmentOperation assignment => assignment.Target != reference,
        ITupleOperation { Parent: IDeconstructionAssignmentOperation assignment } tuple => assignment.Target != tuple,
        IArgumentOperation { Parameter.RefKind: RefKind.Out } => false,
        INameOfOperation => false,
        _ => true,
    };

    /// <summary>Says whether a variable is given a value where it stands.</summary>
    public static bool IsWritten(this IOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference,
        IIncrementOrDecrementOperation => true,
        ITupleOperation { Parent: IDeconstructionAssignmentOperation assignment } tuple => assignment.Target == tuple,
        IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } => true,
        _ => false,
    };
}
