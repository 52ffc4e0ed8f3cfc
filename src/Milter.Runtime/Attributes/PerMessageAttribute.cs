namespace Milter;

/// <summary>Marks a field or property whose value belongs to one message: generated code resets it before a message's first step and after its end.</summary>
/// <remarks>It becomes <see langword="default"/>; a collection is cleared through its parameterless <c>Clear()</c>, an <see cref="IResettable"/> through <see cref="IResettable.Reset"/>; a disposable value is disposed.</remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false)]
public sealed class PerMessageAttribute : Attribute;
