namespace Milter;

/// <summary>Announces a binder: handlers of this assembly, and of those that reference it, can take a <typeparamref name="TValue"/> as a parameter.</summary>
/// <remarks>Read at compile time. A binder of the handler's own assembly wins over one from a reference, and an earlier reference over a later one. The runtime's own parameter types can't be bound anew.</remarks>
/// <typeparam name="TValue">The type of the parameter.</typeparam>
/// <typeparam name="TBinder">The binder, which says by <see cref="NeedsAttribute"/> what it needs.</typeparam>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class MessageBinderAttribute<TValue, TBinder> : Attribute
    where TBinder : IMessageBinder<TBinder, TValue>;
