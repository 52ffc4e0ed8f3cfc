using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Follows an expression to the verdicts that it can be: through conditions, tasks, locals as they are where they are read, static fields, and helpers of the filter.</summary>
internal sealed class VerdictValues(FilterClass filter)
{
    private const int MaxDepth = 8;

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
            IInvocationOperation call when ReturnsVerdict(call.TargetMethod) && filter.BodyOf(call.TargetMethod) is { } helper => ReturnedBy(helper, depth + 1),
            ILocalReferenceOperation local => body.Locals.ValuesOf(local).SelectMany(part => Of(part, body, depth + 1)),
            IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } } field when Initial(field) is { } name => [(name, field)],
            IPropertyReferenceOperation { Property: { IsStatic: true } property } at when property.ContainingType.Is(RuntimeNames.Verdict) => [(property.Name, at)],
            IPropertyReferenceOperation { Property: { GetMethod: { } getter } } when filter.BodyOf(getter) is { } helper => ReturnedBy(helper, depth + 1),
            _ => [],
        };
    }

    private static bool ReturnsVerdict(IMethodSymbol method) => HandlerSymbols.ReturnsVerdict(method);

    private static IEnumerable<IOperation?> LocalFunction(IMethodSymbol function, FilterBody body) => body.Operations
        .OfType<ILocalFunctionOperation>()
        .Where(local => SymbolEqualityComparer.Default.Equals(local.Symbol, function.OriginalDefinition))
        .SelectMany(local => local.Descendants().OfType<IReturnOperation>().Where(returned => returned.Enclosing() == local))
        .Select(returned => returned.ReturnedValue);

    private static bool IsNested(IOperation operation) => operation.Enclosing() is not null;

    /// <summary>The word after the last dot of a field's initializer, where what stands before it is the library's type: <c>Verdict.Skip</c>.</summary>
    private static string? Initial(IFieldReferenceOperation at)
    {
        if (!at.Field.Type.Is(RuntimeNames.Verdict)
            || at.Field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: MemberAccessExpressionSyntax { Expression: var of, Name.Identifier.ValueText: var name } })
        {
            return null;
        }

        // The type may be spelled with its namespace, and an alias is asked where the field is used if that is the same file.
        string type = of.ToString();
        bool isOurs = type is "Verdict" or RuntimeNames.Verdict or "global::" + RuntimeNames.Verdict
            || (at.SemanticModel is { } model && model.SyntaxTree == of.SyntaxTree && model.GetSymbolInfo(of).Symbol is ITypeSymbol symbol && symbol.Is(RuntimeNames.Verdict));
        return isOurs && at.Field.Type.GetMembers(name).Length > 0 ? name : null;
    }
}
