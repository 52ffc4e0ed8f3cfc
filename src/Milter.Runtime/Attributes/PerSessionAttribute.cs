namespace Milter;

/// <summary>Says that a field, property or constructor parameter is meant to go through the whole SMTP session: a counter, a cache, what the client has said before.</summary>
/// <remarks>It has no effect. It tells readers, and the analyzers that ask for <see cref="PerMessageAttribute"/> otherwise.</remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class PerSessionAttribute : Attribute;
