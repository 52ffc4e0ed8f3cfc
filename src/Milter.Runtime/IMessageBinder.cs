namespace Milter;

/// <summary>Makes a value of a package's own type out of what was collected of a message, so that handlers can take it as a parameter.</summary>
/// <remarks>
/// What the binder reads must be said by <see cref="NeedsAttribute"/> on the binder's class, because it is collected only where a handler asks for it; and the pair is
/// announced by <see cref="MessageBinderAttribute{TValue, TBinder}"/>. Handlers at EOH and EOM can then take a <typeparamref name="TValue"/>; a binder that needs the body or
/// an action, at EOM only. It is bound once a stage, when the first handler that takes it is about to run; a <c>TValue?</c> parameter is <see langword="null"/> where the
/// binder's actions are not offered.
/// <code>
/// [assembly: MessageBinder&lt;Digest, DigestBinder&gt;]
///
/// [Needs(Body = true)]
/// public sealed class DigestBinder : IMessageBinder&lt;DigestBinder, Digest&gt;
/// {
///     public static async ValueTask&lt;Digest&gt; BindAsync(MessageBindingContext context) =>
///         new(await SHA256.HashDataAsync(context.Body.OpenRead(), context.CancellationToken));
/// }
/// </code>
/// </remarks>
/// <typeparam name="TSelf">The binder itself.</typeparam>
/// <typeparam name="TValue">The type of the parameter.</typeparam>
public interface IMessageBinder<TSelf, TValue>
    where TSelf : IMessageBinder<TSelf, TValue>
{
    /// <summary>Makes the value for the current message.</summary>
    /// <param name="context">What was collected of the message. Valid until the handlers of the stage have returned.</param>
    /// <returns>The value. It is not kept by the engine: one that must be disposed of is the handler's, or is registered with a service of the message.</returns>
    static abstract ValueTask<TValue> BindAsync(MessageBindingContext context);
}
