namespace Milter;

/// <summary>Marks the method that handles EOM: the message is complete. The only stage at which it can be changed (libmilter: <c>xxfi_eom</c>).</summary>
/// <remarks>
/// Once a message that was neither refused nor aborted before.
/// <para>Verdicts: Continue, Accept, Reject, TempFail, Discard.</para>
/// <code>[OnEom] Verdict End(HeaderEditor headers)</code>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnEomAttribute : StageAttribute;
