using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Follows an expression to the verdicts that it can be: through conditions, tasks, locals and static fields.</summary>
internal sealed class VerdictValues(HandlerBody body)
{
    private ILookup<ISymbol, IOperation>? _locals;

    public IEnumerable<(string Verdict, IOperation At)> Of(IOperation? value) => Of(value, new HashSet<ISymbol>(SymbolEqualityComparer.Default));

    /// <param name="value">The expression.</param>
    /// <param name="followed">The locals that were followed already: one may be assigned from itself.</param>
    private IEnumerable<(string Verdict, IOperation At)> Of(IOperation? value, HashSet<ISymbol> followed)
    {
        if (value is null)
        {
            return [];
        }

        IEnumerable<(string Verdict, IOperation At)> Parts(params IOperation?[] parts) => parts.SelectMany(part => Of(part, followed));
        return value.Bare() switch
        {
            IConditionalOperation either => Parts(either.WhenTrue, either.WhenFalse),
            ISwitchExpressionOperation many => Parts([.. many.Arms.Select(arm => arm.Value)]),
            ICoalesceOperation coalesce => Parts(coalesce.Value, coalesce.WhenNull),
            IAwaitOperation awaited => Parts(awaited.Operation),
            IObjectCreationOperation { Arguments.Length: 1 } task => Parts(task.Arguments[0].Value),
            IInvocationOperation { TargetMethod.Name: "FromResult", Arguments.Length: 1 } task => Parts(task.Arguments[0].Value),
            ILocalReferenceOperation local when followed.Add(local.Local) => Parts([.. Locals()[local.Local]]),
            IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } } field when Initial(field.Field) is { } name => [(name, field)],
            IPropertyReferenceOperation { Property: { IsStatic: true } property } at when property.ContainingType.Is(RuntimeNames.Verdict) => [(property.Name, at)],
            _ => [],
        };
    }

    private ILookup<ISymbol, IOperation> Locals() => _locals ??= body.Operations
        .Select(operation => operation switch
        {
            IVariableDeclaratorOperation { Initializer.Value: { } value } declared => ((ISymbol)declared.Symbol, (IOperation?)value),
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation local } assigned => (local.Local, assigned.Value),
            _ => default,
        })
        .Where(pair => pair.Item2 is not null)
        .ToLookup(pair => pair.Item1, pair => pair.Item2!, SymbolEqualityComparer.Default);

    /// <summary>The word after the last dot of a field's initializer: <c>Verdict.Skip</c>.</summary>
    private static string? Initial(IFieldSymbol field) =>
        field.Type.Is(RuntimeNames.Verdict) && field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: MemberAccessExpressionSyntax { Expression: var of, Name.Identifier.ValueText: var name } }
            && of.ToString().EndsWith("Verdict", StringComparison.Ordinal)
            ? name
            : null;
}
