using Microsoft.CodeAnalysis;

namespace Milter.Generators.Diagnostics;

/// <summary>What code does with a slot.</summary>
internal enum StateAction
{
    /// <summary>Looks at it.</summary>
    Read,

    /// <summary>Gives it a value, whatever it had before.</summary>
    Assigned,

    /// <summary>Makes another value of the one it has.</summary>
    Changed,

    /// <summary>Adds to what it holds.</summary>
    Filled,

    /// <summary>Empties what it holds.</summary>
    Emptied,
}

/// <summary>One thing that a body does with a slot.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Action">What is done.</param>
/// <param name="At">The operation that does it.</param>
/// <param name="Place">What to show of it.</param>
/// <param name="IsOfOwnObject">Whether it changes what the slot refers to, so that it counts only where the class made that itself.</param>
internal sealed record StateEvent(Slot Slot, StateAction Action, IOperation At, IOperation Place, bool IsOfOwnObject)
{
    public bool IsChange => Action is StateAction.Assigned or StateAction.Changed or StateAction.Filled;
}
