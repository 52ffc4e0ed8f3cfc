namespace Milter;

/// <summary>Marks a field or property whose value belongs to one message: generated code resets it before a message's first step and after its end.</summary>
/// <remarks>It becomes <see langword="default"/>; a collection is cleared through its parameterless <c>Clear()</c>, an <see cref="IResettable"/> through <see cref="IResettable.Reset"/>; a value that is
/// <see cref="IDisposable"/> or <see cref="IAsyncDisposable"/> is disposed of once the member has let go of it. Each member is reset whatever the others throw; an instance that could not be reset is not used again.</remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false)]
public sealed class PerMessageAttribute : Attribute;
