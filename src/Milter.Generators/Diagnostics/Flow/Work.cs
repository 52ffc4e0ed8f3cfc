using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics.Flow;

/// <summary>Tells what runs beside a handler from what runs in it.</summary>
internal static class Work
{
    private static readonly (string Type, string Method)[] s_starters =
    [
        ("System.Threading.Tasks.Task", "Run"),
        ("System.Threading.Tasks.Task", "ContinueWith"),
        ("System.Threading.Tasks.Task`1", "ContinueWith"),
        ("System.Threading.Tasks.TaskFactory", "StartNew"),
        ("System.Threading.Tasks.TaskFactory`1", "StartNew"),
        ("System.Threading.ThreadPool", "QueueUserWorkItem"),
        ("System.Threading.ThreadPool", "UnsafeQueueUserWorkItem"),
        ("System.Threading.Thread", ".ctor"),
        ("System.Threading.Timer", ".ctor"),
    ];

    /// <summary>Says whether a place is in a function that is given to another thread or a later time.</summary>
    public static bool IsDetached(IOperation place) => StarterOf(place) is not null;

    /// <summary>The call that starts the work in which a place stands, or <see langword="null"/> where it runs with the body around it.</summary>
    public static IOperation? StarterOf(IOperation place)
    {
        for (IOperation? at = place; at is not null; at = at.Parent)
        {
            IOperation? starter = at switch
            {
                IAnonymousFunctionOperation or IMethodReferenceOperation => Starter(at),
                ILocalFunctionOperation local => StarterOf(local),
                _ => null,
            };
            if (starter is not null)
            {
                return starter;
            }
        }

        return null;
    }

    /// <summary>The asynchronous lambda around a place that gives nobody a task, because what takes it wants none: <c>values.ForEach(async value => …)</c>.</summary>
    public static IAnonymousFunctionOperation? ForgottenOf(IOperation place)
    {
        for (IOperation? at = place; at is not null; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation function)
            {
                return IsForgotten(function) ? function : null;
            }
        }

        return null;
    }

    /// <summary>Says whether an asynchronous lambda gives nobody a task; not one that is made for another thread, a timer or an event.</summary>
    public static bool IsForgotten(IAnonymousFunctionOperation function) => function.Symbol is { IsAsync: true, ReturnsVoid: true } && Starter(function) is null;

    /// <summary>Says whether a task goes on after the method that it stands in: nobody awaits, returns or hands it on.</summary>
    public static bool IsLeft(IOperation task)
    {
        IOperation at = Outermost(task);
        return at.Parent switch
        {
            IExpressionStatementOperation => true,
            IAssignmentOperation { Target: IDiscardOperation } => true,
            IAssignmentOperation { Target: ILocalReferenceOperation local } assignment when assignment.Value == at => !IsUsed(local.Local, task),
            IAssignmentOperation { Target: IMemberReferenceOperation } assignment when assignment.Value == at => true,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declared } => !IsUsed(declared.Symbol, task),
            IConditionalAccessOperation access => access.WhenNotNull == at && IsLeft(access),
            _ => false,
        };
    }

    /// <summary>Says whether a local is ever read.</summary>
    public static bool IsUsed(ILocalSymbol local, IOperation within) => Root(within).DescendantsAndSelf()
        .OfType<ILocalReferenceOperation>()
        .Any(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local) && reference.IsRead());

    private static IOperation? Starter(IOperation function)
    {
        IOperation? at = function.Parent;
        while (at is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation or IArgumentOperation)
        {
            at = at.Parent;
        }

        return at switch
        {
            IInvocationOperation call when s_starters.Any(known => call.TargetMethod.Name == known.Method && call.TargetMethod.ContainingType.OriginalDefinition.Is(known.Type)) => call,
            IObjectCreationOperation made when s_starters.Any(known => known.Method == ".ctor" && made.Type.Is(known.Type)) => made,
            IEventAssignmentOperation { Adds: true } => at,
            _ => null,
        };
    }

    /// <summary>A local function runs beside the handler where all that name it do.</summary>
    private static IOperation? StarterOf(ILocalFunctionOperation function)
    {
        IOperation? first = null;
        foreach (IOperation use in Root(function).DescendantsAndSelf())
        {
            bool names = use switch
            {
                IInvocationOperation call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, function.Symbol),
                IMethodReferenceOperation reference => SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, function.Symbol),
                _ => false,
            };
            if (!names || use.IsWithin(function))
            {
                continue;
            }

            if (StarterOf(use) is not { } starter)
            {
                return null;
            }

            first ??= starter;
        }

        return first;
    }

    private static IOperation Outermost(IOperation task)
    {
        while (task.Parent is IConversionOperation or IParenthesizedOperation)
        {
            task = task.Parent;
        }

        return task;
    }

    private static IOperation Root(IOperation at)
    {
        while (at.Parent is { } parent)
        {
            at = parent;
        }

        return at;
    }
}
