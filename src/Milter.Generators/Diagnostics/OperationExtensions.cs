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

    /// <summary>The member of <c>this</c>, or the static one, that an expression names or is a part of, as far as values go.</summary>
    public static IMemberReferenceOperation? Root(this IOperation operation) => operation.Bare() switch
    {
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
}
