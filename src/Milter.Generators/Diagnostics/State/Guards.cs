using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Says whether one thread at a time gets to a place.</summary>
internal static class Guards
{
    private const int MaxDepth = 4;

    private static readonly (string Type, string Enter, string Leave)[] s_locks =
    [
        ("System.Threading.Monitor", "Enter", "Exit"),
        ("System.Threading.Monitor", "TryEnter", "Exit"),
        ("System.Threading.Lock", "Enter", "Exit"),
        ("System.Threading.Lock", "TryEnter", "Exit"),
        ("System.Threading.Lock", "EnterScope", "Dispose"),
        ("System.Threading.SemaphoreSlim", "Wait", "Release"),
        ("System.Threading.SemaphoreSlim", "WaitAsync", "Release"),
        ("System.Threading.SpinLock", "Enter", "Exit"),
        ("System.Threading.SpinLock", "TryEnter", "Exit"),
        ("System.Threading.WaitHandle", "WaitOne", "ReleaseMutex"),
        ("System.Threading.ReaderWriterLockSlim", "EnterWriteLock", "ExitWriteLock"),
        ("System.Threading.ReaderWriterLockSlim", "TryEnterWriteLock", "ExitWriteLock"),
    ];

    private static readonly string[] s_atomic = ["System.Threading.Interlocked", "System.Threading.Volatile", "System.Threading.LazyInitializer", "System.Collections.Immutable.ImmutableInterlocked"];

    /// <summary>Says whether a change is made under a lock, in one step, or in a method that is only called under a lock.</summary>
    public static bool IsGuarded(StateEvent change, FilterBody body) => IsAtomic(change.At) || IsUnderLock(change.At, body, 0);

    /// <summary>Says whether an object sees to it itself that one thread at a time changes it there.</summary>
    public static bool IsMadeForThreads(IOperation change) => change.IsIn<ILockOperation>() || IsAtomic(change.Parent);

    private static bool IsAtomic(IOperation? change) =>
        change is IArgumentOperation { Parent: IInvocationOperation call } && s_atomic.Any(name => call.TargetMethod.ContainingType.Is(name));

    private static bool IsUnderLock(IOperation at, FilterBody body, int depth) => at.IsIn<ILockOperation>()
        || HasEntered(at, body)
        || (depth < MaxDepth && body.Handles == Stages.None && body.Calls.Count > 0 && body.Calls.All(call => IsUnderLock(call.At, call.Caller, depth + 1)));

    /// <summary>Says whether the last call before it that enters or leaves a lock enters one. What leaves in a <c>finally</c> stands behind it.</summary>
    private static bool HasEntered(IOperation at, FilterBody body)
    {
        bool entered = false;
        foreach (IInvocationOperation call in body.Operations.OfType<IInvocationOperation>().Where(call => call.Syntax.SpanStart < at.Syntax.SpanStart))
        {
            IMethodSymbol method = call.TargetMethod;
            foreach ((string type, string enter, string leave) in s_locks)
            {
                if ((method.Name == enter || method.Name == leave) && method.ContainingType.DerivesFrom(type))
                {
                    entered = method.Name == enter;
                }
                else if (method.Name == "ReleaseMutex" && leave == "ReleaseMutex")
                {
                    entered = false;
                }
            }
        }

        return entered;
    }
}
