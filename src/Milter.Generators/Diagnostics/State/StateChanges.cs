using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Gathers what the handlers of one class change.</summary>
internal sealed class StateChanges
{
    private readonly ConcurrentBag<Change> _changes = [];

    private enum How
    {
        Assigned,
        Filled,
        Emptied,
    }

    public void Look(OperationBlockAnalysisContext context, Stages stages)
    {
        foreach (IOperation operation in context.OperationBlocks.SelectMany(block => block.DescendantsAndSelf()))
        {
            foreach (IOperation target in Targets(operation))
            {
                Assign(target, stages);
            }

            if (operation is IInvocationOperation { Instance: { } instance, TargetMethod.Name: var name } call
                && (name == "Clear" || Collections.IsChange(name))
                && Collections.Is(instance.Type)
                && instance.Root() is { } collection)
            {
                Add(collection, call, name == "Clear" ? How.Emptied : How.Filled, stages);
            }
        }
    }

    public IEnumerable<Diagnostic> Complaints()
    {
        foreach (IGrouping<ISymbol, Change> member in _changes.GroupBy(change => change.Member, SymbolEqualityComparer.Default))
        {
            List<Change> changes = [.. member.OrderBy(change => change.Place.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(change => change.Place.SourceSpan.Start)];
            if (member.Key.IsStatic)
            {
                if (changes.FirstOrDefault(change => change.How != How.Emptied && !change.IsGuarded) is { } shared)
                {
                    yield return Diagnostic.Create(Descriptors.StaticState, shared.Place, member.Key.Name);
                }

                continue;
            }

            bool isReset = changes.Any(change => (change.Stages & (Stages.Abort | Stages.MessageEnd)) != 0 || change.How == How.Emptied);
            if (!isReset && changes.FirstOrDefault(change => (change.Stages & HandlerSymbols.MessageSteps) != 0) is { } first)
            {
                yield return Diagnostic.Create(Rule(first), first.Place, member.Key.Name);
            }
        }
    }

    private static DiagnosticDescriptor Rule(Change change) => change switch
    {
        { Member: IParameterSymbol } => Descriptors.CapturedState,
        { How: How.Filled } => Descriptors.UnmarkedCollection,
        _ => Descriptors.UnmarkedState,
    };

    private static IOperation[] Targets(IOperation operation) => operation switch
    {
        IDeconstructionAssignmentOperation { Target: ITupleOperation tuple } => [.. tuple.Elements],
        IAssignmentOperation assignment => [assignment.Target],
        IIncrementOrDecrementOperation step => [step.Target],
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => [argument.Value],
        _ => [],
    };

    private void Assign(IOperation target, Stages stages)
    {
        switch (target)
        {
            case IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } captured:
                _changes.Add(new Change(captured.Parameter, target.Syntax.GetLocation(), How.Assigned, stages, IsGuarded: false));
                break;
            case IPropertyReferenceOperation { Arguments.Length: > 0, Instance: { } map } when Collections.Is(map.Type) && map.Root() is { } collection:
                Add(collection, target, How.Filled, stages);
                break;
            case IArrayElementReferenceOperation { ArrayReference: var array } when array.Root() is { } elements:
                Add(elements, target, How.Filled, stages);
                break;
            default:
                if (target.Root() is { } member)
                {
                    Add(member, target, How.Assigned, stages);
                }

                break;
        }
    }

    private void Add(IMemberReferenceOperation reference, IOperation change, How how, Stages stages)
    {
        ISymbol member = reference.Member.OriginalDefinition;
        bool counts = member is IFieldSymbol or IPropertySymbol
            && member.DeclaringSyntaxReferences.Length > 0
            && !member.Has(RuntimeNames.PerMessageAttribute)
            && !(member is IPropertySymbol property && IsMarked(property))
            && (how != How.Filled || IsOwn(member));
        if (counts)
        {
            _changes.Add(new Change(member, change.Syntax.GetLocation(), how, stages, IsGuarded(change)));
        }
    }

    /// <summary>Says whether <c>[field: PerMessage]</c> is written, or the property computes its value, so that it keeps none.</summary>
    private static bool IsMarked(IPropertySymbol property)
    {
        IFieldSymbol? field = property.ContainingType.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));
        return field is null || field.Has(RuntimeNames.PerMessageAttribute);
    }

    /// <summary>Says whether the class made the collection itself; one that it was given is not its own to keep clean.</summary>
    private static bool IsOwn(ISymbol member) => member.DeclaringSyntaxReferences[0].GetSyntax() switch
    {
        VariableDeclaratorSyntax field => Makes(field.Initializer),
        PropertyDeclarationSyntax property => Makes(property.Initializer),
        _ => false,
    };

    private static bool Makes(EqualsValueClauseSyntax? initializer) =>
        initializer?.Value is BaseObjectCreationExpressionSyntax or CollectionExpressionSyntax or ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax;

    private static bool IsGuarded(IOperation change) => change.IsIn<ILockOperation>()
        || (change.Parent is IArgumentOperation { Parent: IInvocationOperation call } && call.TargetMethod.ContainingNamespace.ToDisplayString() == "System.Threading");

    private sealed record Change(ISymbol Member, Location Place, How How, Stages Stages, bool IsGuarded);
}
