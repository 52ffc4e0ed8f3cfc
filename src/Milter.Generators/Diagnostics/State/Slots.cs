using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Finds the slot that an expression stands for.</summary>
internal static class Slots
{
    private const int MaxDepth = 8;

    /// <summary>The slot, and whether the way to it goes through an object, which the class may have been given.</summary>
    public static (Slot Slot, bool IsOfObject)? Of(IOperation? operation, FilterBody body) => Of(operation, body, 0);

    private static (Slot Slot, bool IsOfObject)? Of(IOperation? operation, FilterBody body, int depth)
    {
        if (operation is null || depth > MaxDepth)
        {
            return null;
        }

        switch (operation.Bare())
        {
            case IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } own:
                return Keeps(own.Member) ? (new Slot(own.Member.OriginalDefinition, ""), false) : null;
            case IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } captured } when body.Method.MethodKind != MethodKind.Constructor:
                return (new Slot(captured.OriginalDefinition, ""), false);
            case IMemberReferenceOperation { Instance: IParameterReferenceOperation { Parameter: var other } } own when IsFilter(other, body):
                return Keeps(own.Member) ? (new Slot(own.Member.OriginalDefinition, ""), false) : null;
            case IPropertyReferenceOperation { Arguments.Length: > 0, Instance: { } map }:
                return OfObject(map, body, depth);
            case IMemberReferenceOperation { Instance: { } part } member when Of(part, body, depth + 1) is { } whole:
                return (whole.Slot.Part(member.Member.Name), whole.IsOfObject || part.Type is { IsReferenceType: true });
            case IArrayElementReferenceOperation element:
                return OfObject(element.ArrayReference, body, depth);
            case IInlineArrayAccessOperation element:
                return Of(element.Instance, body, depth + 1);
            case IConditionalAccessInstanceOperation access:
                return Of(access.Accessed(), body, depth + 1);
            case IConditionalAccessOperation { WhenNotNull: { } part }:
                return Of(part, body, depth + 1);
            case ILocalReferenceOperation { Local: { IsRef: true } alias }:
                return Of(body.Operations.OfType<IVariableDeclaratorOperation>().FirstOrDefault(declared => SymbolEqualityComparer.Default.Equals(declared.Symbol, alias))?.Initializer?.Value, body, depth + 1);
            case ILocalReferenceOperation { Local.Type.IsReferenceType: true } local when body.Locals.ValuesOf(local) is { Length: 1 } values:
                return OfObject(values[0], body, depth);
            case ICoalesceAssignmentOperation assignment:
                return Of(assignment.Target, body, depth + 1);

            // A span over it, or a reference into it.
            case IInvocationOperation { TargetMethod: { ReturnsByRef: true } or { ReturnType.IsRefLikeType: true } } call:
                return OfObject(call.Instance ?? (call.Arguments.Length > 0 ? call.Arguments[0].Value : null), body, depth);
            default:
                return null;
        }
    }

    private static (Slot Slot, bool IsOfObject)? OfObject(IOperation? holder, FilterBody body, int depth) =>
        Of(holder, body, depth + 1) is { } slot ? (slot.Slot, true) : null;

    /// <summary>Says whether a static helper of the class is given the filter itself.</summary>
    private static bool IsFilter(IParameterSymbol parameter, FilterBody body) => body.Method.IsStatic
        && SymbolEqualityComparer.Default.Equals(parameter.Type.OriginalDefinition, body.Method.ContainingType.OriginalDefinition)
        && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol.OriginalDefinition, body.Method);

    /// <summary>Says whether a member has a value of its own: a property that computes one is a method, and gone into as such.</summary>
    private static bool Keeps(ISymbol member) => member switch
    {
        IFieldSymbol { IsConst: false } => member.DeclaringSyntaxReferences.Length > 0,
        IPropertySymbol { IsIndexer: false } property => property.OriginalDefinition.BackingField() is not null,
        _ => false,
    };
}
