namespace Milter;

/// <summary>Marks the method that handles the end of a message, whatever its outcome (libmilter: no libmilter function: this is the <c>finally</c> that it lacks).</summary>
/// <remarks>
/// Exactly once for each message that began, with its <see cref="MessageOutcome"/>. Returns nothing.
/// <code>[OnMessageEnd] void Done(MessageOutcome outcome)</code>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnMessageEndAttribute : StageAttribute;
