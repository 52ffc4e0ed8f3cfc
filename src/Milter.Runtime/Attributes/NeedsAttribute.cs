using Milter.Protocol;

namespace Milter;

/// <summary>Says which actions a capability parameter needs, where that differs from what its type asks for.</summary>
/// <param name="actions">The actions that must be offered (or, on a nullable parameter, that are asked for where they are offered).</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Class, AllowMultiple = false)]
public sealed class NeedsAttribute(MilterActions actions) : Attribute
{
    /// <summary>Gets the actions.</summary>
    public MilterActions Actions { get; } = actions;
}
