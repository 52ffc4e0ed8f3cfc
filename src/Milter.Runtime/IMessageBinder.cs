namespace Milter;

/// <summary>Makes a value of a package's own type out of what is known of a message, so that handlers can take it as a parameter.</summary>
/// <remarks>
/// What the binder reads must be said by <see cref="NeedsAttribute"/> on the binder's class, because it is collected only where a handler asks for it; and the pair is
/// announced by <see cref="MessageBinderAttribute{TValue, TBinder}"/>. Handlers can take a <typeparamref name="TValue"/> from the first stage of the message on at which
/// all that is needed is there: from MAIL on; from EOH on where header fields are needed; at EOM where the body or an action is. A <c>TValue?</c> parameter is
/// <see langword="null"/> where the binder's actions are not offered.
/// <para>The value is made once a message, when the first handler that takes it is about to run, and is one object for all that take it, at whatever stages. The engine disposes of
/// it (<see cref="IAsyncDisposable"/>, else <see cref="IDisposable"/>) when the message has ended and the handlers of its end have run, the value that was made last first; so a
/// binder gives no object that is anybody else's.</para>
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
    /// <summary>Gets when the completion runs among those of other values: in ascending order, and of one order in that in which the values were made.</summary>
    /// <value>0 by default. A binder that has to see what all others have done, such as one that signs, says <see cref="int.MaxValue"/>.</value>
    static virtual int CompletionOrder => 0;

    /// <summary>Makes the value for the current message.</summary>
    /// <param name="context">What is known of the message. Valid until the message ends.</param>
    /// <returns>The value. It is the engine's, which disposes of it.</returns>
    static abstract ValueTask<TValue> BindAsync(MessageBindingContext context);

    /// <summary>
    /// Completes the value at a stage that takes it: when the stage's handlers have returned with Continue or Accept (at BODY also Skip), in the same turn and within the same
    /// time, before the plan of edits is written. So what handlers have changed in the value can become edits.
    /// </summary>
    /// <remarks>Not called where handlers refuse the message or throw. What it throws is the same as what a handler throws: no edit is sent, and the message gets <see cref="MilterOptions.OnException"/>.</remarks>
    /// <param name="value">The value.</param>
    /// <param name="context">What is known of the message; its editors take edits at EOM.</param>
    /// <returns>Continue, the default, to leave what the handlers say. Any other verdict takes its place; after a refusal no further value is completed.</returns>
    static virtual ValueTask<Verdict> CompleteAsync(TValue value, MessageBindingContext context) => default;
}
