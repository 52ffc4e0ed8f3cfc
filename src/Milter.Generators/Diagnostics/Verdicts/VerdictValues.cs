using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Follows an expression to the verdicts that it can be: through conditions, tasks, locals as they are where they are read, static fields, and helpers of the filter.</summary>
internal sealed class VerdictValues(FilterClass filter)
{
    private const int MaxDepth = 8;

    /// <summary>The verdicts that an expression of a body can be.</summary>
    public IEnumerable<(string Verdict, IOperation At)> Of(IOperation? value, FilterBody body) => Of(value, body, 0);

    /// <summary>The verdicts that a body can return, by their names (<c>Skip</c>), and where they are written.</summary>
    public IEnumerable<(string Verdict, IOperation At)> ReturnedBy(FilterBody body) => ReturnedBy(body, 0);

    private IEnumerable<(string Verdict, IOperation At)> ReturnedBy(FilterBody body, int depth) => body.Operations
        .OfType<IReturnOperation>()
        .Where(returned => !IsNested(returned))
        .SelectMany(returned => Of(returned.ReturnedValue, body, depth));

    /// <param name="value">The expression.</param>
    /// <param name="body">Where it stands.</param>
    /// <param name="depth">How far it was followed already: helpers call each other, and locals are given each other.</param>
    private IEnumerable<(string Verdict, IOperation At)> Of(IOperation? value, FilterBody body, int depth)
    {
        if (value is null || depth > MaxDepth)
        {
            return [];
        }

        IEnumerable<(string Verdict, IOperation At)> Parts(params IOperation?[] parts) => parts.SelectMany(part => Of(part, body, depth + 1));
        return value.Bare() switch
        {
            IConditionalOperation either => Parts(either.WhenTrue, either.WhenFalse),
            ISwitchExpressionOperation many => Parts([.. many.Arms.Select(arm => arm.Value)]),
            ICoalesceOperation coalesce => Parts(coalesce.Value, coalesce.WhenNull),
            IAwaitOperation awaited => Parts(awaited.Operation),
            IObjectCreationOperation { Arguments.Length: 1 } task when HandlerSymbols.IsTaskLike(task.Type!) => Parts(task.Arguments[0].Value),
            IInvocationOperation { TargetMethod.Name: "FromResult", Arguments.Length: 1 } task => Parts(task.Arguments[0].Value),
            IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask", Instance: { } task } => Parts(task),
            IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction } function } => LocalFunction(function, body).SelectMany(part => Of(part, body, depth + 1)),
            IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: { } function } => Functions(function, body).SelectMany(lambda => Returns(lambda)).SelectMany(part => Of(part, body, depth + 1)),
            IInvocationOperation call when ReturnsVerdict(call.TargetMethod) && filter.BodyOf(call.TargetMethod, call) is { } helper => ReturnedBy(helper, depth + 1),
            ILocalReferenceOperation local => body.Locals.ValuesOf(local).SelectMany(part => Of(part, body, depth + 1)),
            IFieldReferenceOperation { Field: { IsReadOnly: true } field } at when field.Type.Is(RuntimeNames.Verdict) && VerdictMembers.KindOf(filter.Source.InitialOf(field.OriginalDefinition)) is { } kind => [(kind, at)],
            var made when VerdictMembers.KindOf(made) is { } kind => [(kind, made)],

            // In another class it is somebody else's, and right there for whoever else calls it: so it is shown where it is called.
            IInvocationOperation call when ReturnsVerdict(call.TargetMethod) && !IsToldWhat(call) && filter.OtherBodyOf(call.TargetMethod) is { } other => ReturnedBy(other, depth + 1).Select(found => (found.Verdict, (IOperation)call)),
            IPropertyReferenceOperation { Property: { GetMethod: { } getter } } at when filter.BodyOf(getter, at) is { } helper => ReturnedBy(helper, depth + 1),
            _ => [],
        };
    }

    // A flag that is written at the call says which of the helper's verdicts are meant: that is not seen through, and others are no fault of this call.
    private static bool IsToldWhat(IInvocationOperation call) => call.Arguments.Any(static argument =>
        argument.Value.ConstantValue.HasValue && argument.Value.Type is { } type && (type.TypeKind == TypeKind.Enum || type.SpecialType == SpecialType.System_Boolean));

    private static bool ReturnsVerdict(IMethodSymbol method) => HandlerSymbols.ReturnsVerdict(method);

    private static IEnumerable<IOperation?> LocalFunction(IMethodSymbol function, FilterBody body) => body.Operations
        .OfType<ILocalFunctionOperation>()
        .Where(local => SymbolEqualityComparer.Default.Equals(local.Symbol, function.OriginalDefinition))
        .SelectMany(Returns);

    /// <summary>The lambdas that a delegate of a local can be.</summary>
    private static IEnumerable<IOperation> Functions(IOperation function, FilterBody body) => function.Bare() is ILocalReferenceOperation local
        ? body.Locals.ValuesOf(local).Select(value => value.Bare() is IDelegateCreationOperation made ? made.Target : value.Bare()).OfType<IAnonymousFunctionOperation>()
        : [];

    private static IEnumerable<IOperation?> Returns(IOperation function) =>
        function.Descendants().OfType<IReturnOperation>().Where(returned => returned.Enclosing() == function).Select(returned => returned.ReturnedValue);

    private static bool IsNested(IOperation operation) => operation.Enclosing() is not null;
}
